// Forms whose only judge is the server.

import { Failure } from "./api.js";
import "./reveal.js";

/** Sends the values of the form, and shows at the right field why they were refused. */
export function onSubmit(form, send) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.classList.contains("waiting")) return;
    clear(form);
    const empty = [...form.elements].filter((field) => field.validity.valueMissing);
    empty.forEach((field) => mark(field, field.validationMessage));
    if (empty.length > 0) return empty[0].focus();
    form.classList.add("waiting");
    const failure = await send(Object.fromEntries(new FormData(form))).catch((failure) => failure);
    form.classList.remove("waiting");
    if (failure) report(form, failure);
  });
}

/** Says what went wrong, and takes the person there. */
export function report(form, failure) {
  if (!(failure instanceof Failure)) throw failure;
  // A refused sign-in names no field, so as not to tell which was wrong. What is typed anew is the password.
  const field = form.elements.namedItem(failure.code === "credentials" ? "password" : failure.field);
  if (field && !field.disabled) {
    mark(field, failure.message);
    field.focus();
  } else {
    const alert = form.querySelector(".alert");
    alert.textContent = failure.message;
    alert.focus();
  }
}

function mark(field, message) {
  field.setAttribute("aria-invalid", "true");
  document.getElementById(`${field.id}-fault`).textContent = message;
}

function clear(form) {
  form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  form.querySelectorAll(".alert, .fault").forEach((place) => place.replaceChildren());
}
