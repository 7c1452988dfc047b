import { account, notes } from "./api.js";
import { onSubmit, report } from "./form.js";
import { signOut, withToken } from "./session.js";

const form = document.querySelector("form");
const list = document.getElementById("notes");
const status = document.getElementById("status");

show().catch(tell);

async function show() {
  const [{ user }, { notes: kept }] = await Promise.all([
    withToken((token) => account("get_user", { body: { token } })),
    withToken((token) => notes("GET", "", { token })),
  ]);
  document.getElementById("name").textContent = user.username;
  list.append(...kept.map(row));
  count();
}

onSubmit(form, async (draft) => {
  const { note } = await withToken((token) => notes("POST", "", { token, body: draft }));
  list.prepend(row(note));
  count();
  form.reset();
  form.elements.title.focus();
  status.textContent = `Added: ${note.title}`;
});

document.getElementById("signout").addEventListener("click", () => signOut().catch(tell));

// The page of a person who has signed out must not come back from the browser's memory.
addEventListener("pageshow", (event) => event.persisted && location.reload());

function row(note) {
  const row = document.getElementById("note").content.cloneNode(true).firstElementChild;
  const date = row.querySelector("time");
  row.querySelector("h2").textContent = note.title;
  date.dateTime = note.created_at;
  date.textContent = new Date(note.created_at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
  row.querySelector("p").textContent = note.body;
  row.querySelector("span").textContent = ` the note ${note.title}`;
  row.querySelector("button").addEventListener("click", () => remove(note, row).catch(tell));
  return row;
}

async function remove(note, row) {
  await withToken((token) => notes("DELETE", `/${encodeURIComponent(note.id)}`, { token }));
  const next = (row.nextElementSibling ?? row.previousElementSibling)?.querySelector("button");
  row.remove();
  count();
  (next ?? document.getElementById("heading")).focus();
  status.textContent = `Deleted: ${note.title}`;
}

function count() {
  list.hidden = list.children.length === 0;
  document.getElementById("empty").hidden = !list.hidden;
}

function tell(failure) {
  report(form, failure);
}
