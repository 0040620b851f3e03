// What the pages do beyond showing: send forms to the control plane, follow the traffic, copy.
"use strict";

const main = document.getElementById("main");
const ROWS_MAX = 500;

function tell(message) {
  const told = document.getElementById("told");
  told.textContent = message;
  told.hidden = !message;
  if (message) told.scrollIntoView({ block: "nearest" });
}

function withTenant(action) {
  if (/[?&]tenant=/.test(action)) return action;
  return `${action}${action.includes("?") ? "&" : "?"}tenant=${encodeURIComponent(main.dataset.tenant)}`;
}

function valueOf(field) {
  if (field.type === "checkbox") return field.checked;
  const text = field.value;
  if (field.hasAttribute("data-json")) return text.trim() ? JSON.parse(text) : undefined;
  if (field.type === "number") return text === "" ? undefined : Number(text);
  return text === "" ? undefined : text;
}

function documentOf(form) {
  const members = {};
  for (const field of form.elements) {
    if (!field.name) continue;
    const value = valueOf(field);
    if (value !== undefined) members[field.name] = value;
    // An empty quota is one that is off, which a form has no other way to say.
    else if (form.dataset.inside) members[field.name] = null;
  }
  if (Array.isArray(members.effect)) {
    // A script says by itself how often it strikes.
    members.sequence = members.effect;
    for (const name of ["effect", "times", "chance"]) delete members[name];
  }
  return form.dataset.inside ? { [form.dataset.inside]: members } : members;
}

async function send(element, body) {
  const { method, action, sure, then } = element.dataset;
  if (sure && !window.confirm(sure)) return;
  const whole = element.hasAttribute("data-whole");
  const address = whole || /\/tenants\//.test(action) ? action : withTenant(action);
  const isFile = body instanceof File;
  const headers = body === undefined ? {} : { "Content-Type": isFile ? "application/zip" : "application/json" };
  const sent = body === undefined || isFile ? body : JSON.stringify(body);
  const answer = await fetch(address, { method, headers, body: sent });
  const said = answer.status === 204 ? {} : await answer.json().catch(() => ({}));
  if (!answer.ok) return tell(said.error ? said.error.message : `The server answered ${answer.status}.`);
  if (then === "exchange" && said.id === null) return tell(`No emulated API lies there: ${said.status}.`);
  if (then === "exchange") window.location = withTenant(`/_mock/pages/traffic/${said.id}`);
  else window.location.reload();
}

async function attempt(element, body) {
  tell("");
  try {
    await send(element, body());
  } catch (error) {
    tell(error instanceof SyntaxError ? `That is no JSON: ${error.message}` : `Not sent: ${error.message}`);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.action) return;
  event.preventDefault();
  const chosen = form.querySelector("input[type=file]");
  attempt(form, () => (chosen ? chosen.files[0] : documentOf(form)));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.action) attempt(button, () => undefined);
  if (button.dataset.copy) copy(button, document.getElementById(button.dataset.copy));
});

async function copy(button, source) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.firstChild.textContent = "Copied";
  } catch {
    // No clipboard without TLS on some hosts: select the text instead.
    window.getSelection().selectAllChildren(source);
  }
}

for (const select of document.querySelectorAll("[data-fill]")) {
  select.addEventListener("change", () => {
    const field = document.getElementById(select.dataset.fill);
    field.value = select.value;
    const told = document.getElementById(field.getAttribute("aria-describedby"));
    told.textContent = select.selectedOptions[0].dataset.members;
  });
}

// -- following ------------------------------------------------------------------------------

function cell(row, text, kind) {
  const made = row.insertCell();
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function prepend(table, entry) {
  const body = table.tBodies[0];
  // After a reset numbers begin anew: the same one is another exchange then.
  const known = body.querySelector(`[data-id="${entry.id}"]`);
  if (known && known.dataset.at === entry.at) return;
  for (const none of body.querySelectorAll(".none")) none.remove();
  const row = body.insertRow(0);
  row.dataset.id = entry.id;
  row.dataset.at = entry.at;
  cell(row, entry.key || "—");
  cell(row, entry.at.slice(11, 23));
  cell(row, `${entry.duration_ms.toFixed(1)} ms`, "n");
  const status = cell(row, entry.status || "broken", `s${Math.floor((entry.status || 0) / 100)}`);
  for (const fault of entry.faults) {
    const mark = document.createElement("span");
    mark.className = "fault";
    mark.textContent = fault.kind;
    status.append(" ", mark);
  }
  cell(row, entry.method);
  const link = document.createElement("a");
  link.href = withTenant(`/_mock/pages/traffic/${entry.id}`);
  link.textContent = entry.url;
  const place = cell(row, "", "url");
  place.append(link);
  if (entry.hint) {
    const hint = document.createElement("small");
    hint.className = "hint";
    hint.textContent = entry.hint;
    place.append(hint);
  }
  while (body.rows.length > ROWS_MAX) body.deleteRow(-1);
}

const tail = document.querySelector("[data-stream]");
if (tail) {
  let stream;
  const follow = () => {
    // From the newest that is shown, so that nothing is missed before the stream stands.
    const newest = tail.tBodies[0].querySelector("[data-id]");
    const since = newest ? newest.dataset.id : tail.dataset.since;
    stream = new EventSource(`${tail.dataset.stream}&since=${since}`);
    for (const kind of ["message", "request"]) {
      stream.addEventListener(kind, (event) => prepend(tail, JSON.parse(event.data)));
    }
  };
  const live = document.getElementById("live");
  live.addEventListener("change", () => (live.checked ? follow() : stream.close()));
  window.addEventListener("pagehide", () => stream.close());
  follow();
}

// A link to one delivery shows it open.
const meant = window.location.hash && document.getElementById(window.location.hash.slice(1));
if (meant && meant.tagName === "DETAILS") meant.open = true;

if (main.dataset.refresh) {
  window.setInterval(async () => {
    if (document.hidden) return;
    const answer = await fetch(window.location).catch(() => null);
    if (!answer || !answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const parts = fresh.querySelectorAll("[data-live]");
    document.querySelectorAll("[data-live]").forEach((part, i) => part.replaceWith(parts[i]));
  }, Number(main.dataset.refresh) * 1000);
}
