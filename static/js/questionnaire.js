// Reordering questions with a mouse, a finger or keys. A row is lifted by its handle, moves while the pointer or the
// arrows do, and is sent where it was put down. Without this script every row has buttons for one place up and down.

const live = document.getElementById("q-live");
let lifted = null; // the row
let home = null; // where it stood: [list, the row after it]
let byKey = false;
let focus = ""; // id of what gets the focus once the questions were swapped

const area = () => document.querySelector("[data-questions]");
const rowsOf = (list) => [...list.querySelectorAll(".q-row")];
const lists = () => [...area().querySelectorAll("[data-list]")];
const sectionOf = (list) => list.closest("[data-section]");

function say(sentence, values) {
  live.textContent = (sentence || "").replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
}

function ready() {
  const handles = document.querySelectorAll("[data-handle]");
  for (const handle of handles) handle.hidden = false;
  for (const hint of document.querySelectorAll("[data-hint]")) hint.hidden = handles.length < 2;
}

// --- lifting and putting down -------------------------------------------------------------------------------------------

function lift(row, key) {
  lifted = row;
  byKey = key;
  home = [row.parentElement, row.nextElementSibling];
  row.classList.add("q-lifted");
  document.body.classList.add("q-lifting");
  if (key) say(live.dataset.lifted, { question: row.dataset.words });
}

function settle() {
  lifted?.classList.remove("q-lifted");
  document.body.classList.remove("q-lifting");
  lifted = home = null;
}

function leave() {
  const handle = lifted.querySelector("[data-handle]");
  home[0].insertBefore(lifted, home[1]);
  settle();
  handle.focus();
  say(live.dataset.left, {});
}

function putDown() {
  const row = lifted;
  const [list, after] = home;
  const moved = row.parentElement !== list || row.nextElementSibling !== after;
  settle();
  if (!moved) return;
  focus = byKey ? row.querySelector("[data-handle]").id : "";
  say(live.dataset.moved, { question: row.dataset.words });
  const values = {
    revision: area().dataset.revision,
    section: sectionOf(row.parentElement).dataset.section,
    before: row.nextElementSibling?.dataset.key ?? "",
  };
  htmx.ajax("POST", row.dataset.move, { source: area(), target: area(), swap: "outerHTML", values });
}

function place(list, before) {
  if (before === lifted) return;
  list.insertBefore(lifted, before);
  if (!byKey) return;
  const rows = rowsOf(list);
  const section = sectionOf(list).querySelector("h2").textContent.trim();
  say(live.dataset.over, { place: rows.indexOf(lifted) + 1, places: rows.length, section });
  lifted.querySelector("[data-handle]").focus(); // a row that moves in the page loses it
}

// --- pointer --------------------------------------------------------------------------------------------------------------

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest?.("[data-handle]");
  if (!handle || event.button !== 0 || lifted) return;
  event.preventDefault();
  handle.setPointerCapture(event.pointerId);
  lift(handle.closest(".q-row"), false);
});

document.addEventListener("pointermove", (event) => {
  if (!lifted || byKey) return;
  const under = document.elementsFromPoint(event.clientX, event.clientY);
  const row = under.map((each) => each.closest?.(".q-row")).find((each) => each && each !== lifted);
  if (row) {
    const box = row.getBoundingClientRect();
    const below = event.clientY > box.top + box.height / 2;
    place(row.parentElement, below ? row.nextElementSibling : row);
    return;
  }
  const part = under.map((each) => each.closest?.("[data-section]")).find(Boolean);
  const list = part?.querySelector("[data-list]");
  if (list && !list.contains(lifted)) place(list, null);
});

document.addEventListener("pointerup", () => { if (lifted && !byKey) putDown(); });
document.addEventListener("pointercancel", () => { if (lifted && !byKey) leave(); });

// --- keys: Enter, the space bar or M lift and put down, arrows move, Escape leaves ------------------------------------------

function step(down) {
  const list = lifted.parentElement;
  const beside = down ? lifted.nextElementSibling : lifted.previousElementSibling;
  if (beside) return place(list, down ? beside.nextElementSibling : beside);
  const all = lists();
  const other = all[all.indexOf(list) + (down ? 1 : -1)];
  if (other) place(other, down ? other.firstElementChild : null);
}

document.addEventListener("keydown", (event) => {
  const handle = event.target.closest?.("[data-handle]");
  if (!handle || event.ctrlKey || event.metaKey || event.altKey) return;
  const presses = ["Enter", " ", "m", "M"].includes(event.key);
  if (!lifted && presses) lift(handle.closest(".q-row"), true);
  else if (lifted && byKey && presses) putDown();
  else if (lifted && event.key === "Escape") leave();
  else if (lifted && byKey && event.key === "ArrowDown") step(true);
  else if (lifted && byKey && event.key === "ArrowUp") step(false);
  else return;
  event.preventDefault();
});

document.addEventListener("focusout", (event) => {
  const away = event.relatedTarget && !event.relatedTarget.matches("[data-handle]");
  if (lifted && byKey && away) leave();
});

// --- after a swap -----------------------------------------------------------------------------------------------------------

document.addEventListener("htmx:beforeRequest", (event) => {
  const pressed = event.detail.requestConfig.triggeringEvent?.submitter;
  if (pressed?.id) focus = pressed.id;
});

document.addEventListener("htmx:afterSettle", () => {
  ready();
  const wanted = document.querySelector("[data-refused]") ? null : document.getElementById(focus);
  if (focus) wanted?.focus();
  focus = "";
});

ready();
