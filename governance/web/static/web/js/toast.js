// The server says {"toast": {"text": ..., "tone": ...}} in HX-Trigger; the live region reads it out.
const LASTS_MS = 8000;
document.addEventListener("toast", (event) => {
  const { text, tone = "good" } = event.detail;
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.tone = tone;
  const close = Object.assign(document.createElement("button"), { type: "button", textContent: "✕", ariaLabel: "Close" });
  close.addEventListener("click", () => toast.remove());
  toast.append(Object.assign(document.createElement("span"), { textContent: text }), close);
  document.getElementById("toasts").append(toast);
  setTimeout(() => toast.remove(), LASTS_MS);
});
