// A filter asks for the first page of its list, in the order that the address says, and leaves no empty names in the address.
// htmx by itself would add the fields to the address as it is, and with it the number of a page that the narrower list lacks.
document.addEventListener("htmx:configRequest", (event) => {
  const { elt, formData } = event.detail;
  if (!elt.matches("form.filters")) return;
  event.detail.path = location.pathname;
  for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  const sort = new URLSearchParams(location.search).get("sort");
  if (sort) formData.set("sort", sort);
});
