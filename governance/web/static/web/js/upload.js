// Sends a training set as the body of one PUT, so that the server can seal it while it arrives.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-upload]");
  if (!form) return;
  event.preventDefault();
  const meter = form.querySelector(".meter");
  const wrong = form.querySelector(".error");
  const button = form.querySelector("button");
  const say = (text) => { wrong.textContent = text; wrong.hidden = !text; button.disabled = !text; meter.hidden = Boolean(text); };
  const place = `/api/v1/initiatives/${encodeURIComponent(form.initiative.value)}/training-sets`;
  const sending = new XMLHttpRequest();
  sending.open("PUT", `${place}?title=${encodeURIComponent(form.title.value)}`);
  sending.setRequestHeader("Authorization", `Ticket ${form.dataset.ticket}`);
  sending.setRequestHeader("Content-Type", "application/x-ndjson");
  sending.upload.addEventListener("progress", ({ loaded, total }) => {
    const percent = Math.round((100 * loaded) / total);
    meter.querySelector("progress").value = percent;
    meter.querySelector("[data-said]").textContent = `${percent} %`;
  });
  sending.addEventListener("load", () => {
    const answer = JSON.parse(sending.responseText);
    if (sending.status === 201) location.assign(`/training-sets/${answer.id}/`);
    else say(`${answer.detail ?? answer.title} ${answer.remedy ?? ""}`);
  });
  sending.addEventListener("error", () => say("The connection broke. Nothing was kept; try again."));
  say("");
  sending.send(form.file.files[0]);
});
