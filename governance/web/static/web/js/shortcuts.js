// Keys that go somewhere, where the reader has not turned them off: ? the list of them, / the search of the page,
// J and K the next and the last row, G and a letter a place. None acts; what acts is in keys.js, and asks twice.
const SOON_MS = 1500;
let going = 0;

const step = (by) => {
  const links = [...document.querySelectorAll("main table tbody th a[href]")].filter((link) => link.checkVisibility());
  const at = links.indexOf(document.activeElement);
  links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
};

const ACTS = {
  "?": () => document.getElementById("shortcuts").showModal(),
  "/": () => document.querySelector("main form[role=search] input[type=search], main form[role=search] select")?.focus(),
  j: () => step(1),
  k: () => step(-1),
  g: () => { going = Date.now(); },
};

// Before keys.js: the letter after G names a place and presses no button.
document.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  if (document.body.dataset.shortcuts !== "on" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
  if (key === "shift") return;
  const place = Date.now() - going < SOON_MS && document.querySelector(`nav a[data-go="${CSS.escape(key)}"]`);
  going = 0;
  if (place) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return place.click();
  }
  if (!ACTS[key]) return;
  event.preventDefault();
  ACTS[key]();
}, true);
