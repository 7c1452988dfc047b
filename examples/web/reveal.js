// The buttons that show what was typed into a password field.

for (const button of document.querySelectorAll("[data-reveals]")) {
  const field = document.getElementById(button.dataset.reveals);
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.firstChild.data = shown ? "Hide" : "Show";
  };
  button.addEventListener("click", () => show(field.type === "password"));
  // Browsers must not remember it as a text, nor offer it to others as one.
  field.form.addEventListener("submit", () => show(false));
}
