import { account, configuration } from "./api.js";
import { onSubmit } from "./form.js";

const form = document.querySelector("form");
const notice = document.getElementById("notice");

onSubmit(form, async ({ email }) => {
  notice.replaceChildren();
  const { message } = await account("restore", { body: { email } });
  const { development } = await configuration();
  notice.textContent = message;
  document.getElementById("mailbox").hidden = !development;
});
