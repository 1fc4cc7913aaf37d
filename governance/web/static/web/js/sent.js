// A second click while a form is on its way sends nothing: it would ask for the same again, and its refusal would hide that all went well.
const ON_ITS_WAY_MS = 2000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  // Not for ever: what answers with a file leaves the page as it is, and the browser's stop button brings nothing.
  setTimeout(() => delete form.dataset.sent, ON_ITS_WAY_MS);
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
