// The choice is kept in a cookie, so the server sends the right page at once. Without script the form does the same.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-themes]") || !event.submitter) return;
  event.preventDefault();
  const chosen = event.submitter.value;
  document.cookie = `theme=${chosen}; path=/; max-age=31536000; samesite=lax`;
  if (chosen === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  for (const button of event.target.querySelectorAll("button")) button.setAttribute("aria-pressed", button === event.submitter);
});
