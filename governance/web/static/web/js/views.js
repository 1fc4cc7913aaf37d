// Views of a list that its reader keeps. A filter changes the address without a new page, so what is saved is read there.
const narrowing = (search) => {
  const pairs = [...new Map(new URLSearchParams(search))].filter(([name, value]) => value.trim() && name !== "page");
  return JSON.stringify(pairs.sort());
};

const showPresentView = () => {
  const bar = document.querySelector("[data-views]");
  if (!bar) return;
  const present = narrowing(location.search);
  let known = present === "[]";
  for (const chip of bar.querySelectorAll("[data-view]")) {
    const current = narrowing(new URL(chip.href).search) === present;
    if (current) chip.setAttribute("aria-current", "true"); else chip.removeAttribute("aria-current");
    known ||= current;
  }
  bar.querySelector("[data-save]").hidden = known;
};

document.addEventListener("htmx:pushedIntoHistory", showPresentView);
document.addEventListener("submit", (event) => {
  const query = event.target.closest("[data-views]")?.querySelector("[name=query]");
  if (query) query.value = location.search.slice(1);
});
