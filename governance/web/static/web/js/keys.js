// <button data-key="a"> is pressed by its key, unless the reader is typing, a dialog is open or a modifier is held.
// With data-arms="Words" one key alone does nothing that lasts: it goes to the button, or to the field data-first="ID"
// while that is empty, and says the words. The same key again, or Ctrl+Enter in the field, presses the button.
const disarm = () => {
  document.querySelector("[data-armed]")?.removeAttribute("data-armed");
  const said = document.querySelector("[data-armed-words]");
  if (said) said.textContent = "";
};

const arm = (button) => {
  disarm();
  button.dataset.armed = "";
  const first = document.getElementById(button.dataset.first ?? "");
  const field = first && !first.value.trim() ? first : null;
  (field ?? button).focus();
  document.querySelector("[data-armed-words]").textContent = button.dataset.arms;
};

document.addEventListener("keydown", (event) => {
  const armed = document.querySelector("[data-armed]");
  if (event.key === "Escape" && armed) return disarm();
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing && armed && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    return armed.click();
  }
  if (document.body.dataset.shortcuts !== "on" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (typing || document.querySelector("dialog[open]")) return;
  const button = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!button || button.disabled) return;
  event.preventDefault();
  if (button.dataset.arms && armed !== button) return arm(button);
  button.focus();
  button.click();
});

document.addEventListener("focusout", (event) => {
  const form = event.target.closest("form");
  if (document.querySelector("[data-armed]") && !form?.contains(event.relatedTarget)) disarm();
});
