// From page to page.

const KEY = "notice";

/** Opens another page, which shows the notice. Nothing after this happens on this page. */
export function leave(page, notice) {
  if (notice) sessionStorage.setItem(KEY, notice);
  location.replace(page);
  return new Promise(() => {});
}

/** Shows what the page before wanted to be said here. */
export function showNotice() {
  const notice = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (notice) document.getElementById("notice").textContent = notice;
}
