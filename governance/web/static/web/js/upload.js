// <form data-upload="ADDRESS"> sends its file as the body of one PUT: the browser streams it from the disk, whatever its size.
const BROKEN = { detail: "The connection broke. Nothing was kept.", remedy: "Try again." };
const CANCELLED = { detail: "Cancelled. Nothing was kept." };
const SET_PAGE = /\/training-sets\/[0-9a-f-]{36}\//;

const part = (form, name) => form.querySelector(`[data-${name}]`);

const askTicket = async (form, signal) => {
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const reply = await fetch(form.dataset.ticket, { method: "POST", headers, redirect: "error", signal });
  if (!reply.ok) throw { detail: "You could not be recognised.", remedy: "Reload the page, sign in and try again." };
  return reply.text();
};

const sendFile = (form, ticket, signal) => new Promise((resolve, reject) => {
  const call = new XMLHttpRequest();
  const { title, file } = form.elements;
  call.open("PUT", title ? `${form.dataset.upload}?title=${encodeURIComponent(title.value.trim())}` : form.dataset.upload);
  call.setRequestHeader("Authorization", `Upload ${ticket}`);
  call.responseType = "json";
  call.upload.addEventListener("progress", (event) => showWay(form, event.loaded, event.total));
  call.addEventListener("load", () => (call.status === 201 ? resolve(call.response) : reject(call.response ?? {})));
  call.addEventListener("error", () => reject(BROKEN));
  call.addEventListener("abort", () => reject(CANCELLED));
  signal.addEventListener("abort", () => call.abort());
  call.send(file.files[0]);
});

const showWay = (form, sent, whole) => {
  const meter = part(form, "way");
  const bar = meter.querySelector("progress");
  const percent = whole ? Math.floor((100 * sent) / whole) : 0;
  const note = percent === 100 ? "all of it; being written down" : `${percent} %`;
  Object.assign(bar, { max: whole || 1, value: sent });
  meter.querySelector("span:last-child").textContent = note;
  // Said at every tenth of the way: more often would drown everything else for those who listen.
  const said = percent === 100 ? "All of it is sent and is being written down." : `${percent - (percent % 10)} percent sent.`;
  if (part(form, "said").textContent !== said) part(form, "said").textContent = said;
};

const showProblem = (form, { detail, remedy = "" }) => {
  const box = part(form, "problem");
  const text = `${detail ?? "It could not be taken."} ${remedy}`.trim();
  const found = SET_PAGE.exec(text);
  const line = document.createElement("p");
  if (found) {
    const link = Object.assign(document.createElement("a"), { href: found[0], textContent: "that training set" });
    line.append(text.slice(0, found.index), link, text.slice(found.index + found[0].length));
  } else line.textContent = text;
  box.replaceChildren(line);
  box.hidden = false;
};

const showSending = (form, sending) => {
  part(form, "way").hidden = !sending;
  part(form, "cancels").hidden = !sending;
  part(form, "sends").disabled = sending;
  for (const name of ["title", "file"]) if (form.elements[name]) form.elements[name].disabled = sending;
  (sending ? part(form, "cancels") : part(form, "sends")).focus();
};

const warn = (event) => event.preventDefault();

const upload = async (form) => {
  const way = new AbortController();
  const cancel = () => way.abort();
  part(form, "problem").hidden = true;
  part(form, "cancels").addEventListener("click", cancel);
  addEventListener("beforeunload", warn);
  showSending(form, true);
  showWay(form, 0, 1);
  try {
    const made = await sendFile(form, await askTicket(form, way.signal), way.signal);
    removeEventListener("beforeunload", warn);
    location.assign(`${form.dataset.shownAt}${made.id}/`);
  } catch (problem) {
    showSending(form, false);
    part(form, "said").textContent = "";
    if (way.signal.aborted) showProblem(form, CANCELLED);
    else showProblem(form, problem instanceof Error ? BROKEN : problem);
  } finally {
    removeEventListener("beforeunload", warn);
    part(form, "cancels").removeEventListener("click", cancel);
  }
};

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-upload]")) return;
  event.preventDefault();
  upload(event.target);
});
