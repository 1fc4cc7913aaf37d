// <button data-opens="ID"> opens a dialog. data-confirm="Question?" on a form or hx-confirm on anything asks first.
const ask = (question) => new Promise((resolve) => {
  const dialog = document.getElementById("confirm");
  document.getElementById("confirm-question").textContent = question;
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  dialog.showModal();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (!opener) return;
  event.preventDefault();
  document.getElementById(opener.dataset.opens).showModal();
});

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const question = submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!question || form.dataset.confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await ask(question))) return;
  form.dataset.confirmed = "yes";
  form.requestSubmit(submitter);
  delete form.dataset.confirmed;
}, true);

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  if (await ask(event.detail.question)) event.detail.issueRequest(true);
});
