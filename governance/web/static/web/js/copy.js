// <button data-copies="ID"> copies the text of the element with that id and says so.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copies);
  const text = "value" in source ? source.value : source.textContent;
  const shown = button.firstChild;
  const label = (button.dataset.label ??= shown.textContent); // pressed twice, it still says afterwards what it said at first
  try {
    await navigator.clipboard.writeText(text);
    shown.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(source);
    shown.textContent = "Selected: press Ctrl+C";
  }
  setTimeout(() => { shown.textContent = label; }, 2000);
});
