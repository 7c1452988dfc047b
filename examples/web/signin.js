import { onSubmit } from "./form.js";
import { leave, showNotice } from "./leave.js";
import { isSignedIn, signIn } from "./session.js";

if (isSignedIn()) leave("notes");
showNotice();

onSubmit(document.querySelector("form"), async ({ username, password }) => {
  await signIn(username, password);
  return leave("notes");
});
