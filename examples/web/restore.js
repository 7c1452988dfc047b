import { account } from "./api.js";
import { onSubmit } from "./form.js";
import { leave } from "./leave.js";
import { forget } from "./session.js";

const token = new URLSearchParams(location.search).get("restoring");
// Out of the address bar, the history and whatever reads them.
history.replaceState(null, "", location.pathname);

const form = document.querySelector("form");

if (token) {
  onSubmit(form, async ({ new_password }) => {
    const { message } = await account("restore", { body: { token, new_password } });
    forget();
    return leave("signin", message);
  });
} else {
  form.hidden = true;
  document.getElementById("no-token").textContent = "This page works only from the link in the mail. Open that link again.";
}
