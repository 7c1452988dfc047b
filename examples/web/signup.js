import { account, Failure } from "./api.js";
import { onSubmit } from "./form.js";
import { leave } from "./leave.js";
import { isSignedIn, signIn } from "./session.js";

const form = document.querySelector("form");

if (isSignedIn()) leave("notes");

form.addEventListener("change", choose);
choose();

/** Only the field of the chosen identity is there. */
function choose() {
  const chosen = form.elements.identity.value;
  for (const field of form.querySelectorAll("[data-identity]")) {
    const unused = field.dataset.identity !== chosen;
    field.hidden = unused;
    field.querySelector("input").disabled = unused;
  }
}

onSubmit(form, async ({ identity, password, ...name }) => {
  await account("signup", { body: { ...name, password } });
  await signIn(name[identity], password).catch(signInLater);
  return leave("notes");
});

/** The account is there, so this form has no more to do. */
function signInLater(failure) {
  if (!(failure instanceof Failure)) throw failure;
  return leave("signin", failure.message);
}
