// The season board with scripts: the panel beside the week, dragging, keys. All of it has a form without them.
// A chip or a name of the tray is "lifted" (mouse, long touch or M) and "dropped" on a cell or on another chip.

const layout = document.querySelector("[data-board]");
const panel = document.getElementById("board-panel");
const live = document.getElementById("board-live");
const words = document.getElementById("board-words")?.dataset ?? {};
const nothing = () => null; // requests.js tells what did not come through
const works = layout?.dataset.works !== undefined;
const HOLD = 350; // ms a finger rests before it lifts
const SLIP = 10; // px it may slip meanwhile

let lifted = null; // the chip
let byKey = false; // lifted with M: arrows choose the cell
let resting = 0;
let landing = ""; // the chip that gets the focus once it was moved by key

const uuidOf = (chip) => chip.id.replace("v-", "");
const cellOf = (element) => element.closest?.("td[data-key]");
const chipOf = (element) => element.closest?.(".board a.chip");
const nameOf = (chip) => [...chip.querySelectorAll(".chip-names > *")].map((part) => part.textContent).join(", ");
const movable = (chip) => works && (chip.dataset.v !== undefined || chip.dataset.executive !== undefined);

function say(text) {
  live.textContent = text;
}

function fill(sentence, values) {
  return (sentence || "").replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
}

// --- the panel ----------------------------------------------------------------------------------------------------------

function keepInAddress(uuid) {
  const address = new URL(location.href);
  if (uuid) address.searchParams.set("visit", uuid);
  else address.searchParams.delete("visit");
  history.replaceState(history.state, "", address);
}

function choose(uuid) {
  for (const chip of layout.querySelectorAll("a.chip[aria-current]")) chip.removeAttribute("aria-current");
  if (uuid) document.getElementById(`v-${uuid}`)?.setAttribute("aria-current", "true");
}

async function openPanel(chip) {
  const uuid = uuidOf(chip);
  keepInAddress(uuid);
  choose(uuid);
  layout.classList.add("board-layout-open");
  try {
    await htmx.ajax("GET", chip.getAttribute("href"), { target: panel, swap: "innerHTML" });
  } catch {
    closePanel(); // requests.js tells why
    return;
  }
  const title = panel.querySelector("h2");
  if (title) {
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
  }
}

function closePanel() {
  const chip = document.getElementById(`v-${panel.querySelector("[data-visit]")?.dataset.visit}`);
  layout.classList.remove("board-layout-open");
  panel.replaceChildren();
  keepInAddress("");
  choose("");
  chip?.focus();
}

const ask = (address) => htmx.ajax("GET", address, { target: "#dialog-slot", swap: "innerHTML" }).catch(nothing);
const send = (address, values) => htmx.ajax("POST", address, { values, swap: "none" }).catch(nothing);

// --- lifting and dropping -----------------------------------------------------------------------------------------------

async function lift(chip, key = false) {
  lifted = chip;
  byKey = key;
  chip.classList.add("chip-lifted");
  layout.classList.add("board-lifting");
  const about = chip.dataset.executive ? `executive=${chip.dataset.executive}` : `visit=${uuidOf(chip)}`;
  const answer = await fetch(`${layout.dataset.season}targets/?${about}&day=${layout.dataset.day}`).catch(nothing);
  if (!answer?.ok || lifted !== chip) return;
  for (const [name, [severity, why]] of Object.entries(await answer.json())) {
    const cell = layout.querySelector(`td[data-key="${name}"]`);
    if (cell) Object.assign(cell.dataset, { severity, against: why });
  }
  layout.classList.add("board-judged");
}

function settle() {
  lifted?.classList.remove("chip-lifted");
  lifted = null;
  byKey = false;
  layout.classList.remove("board-lifting", "board-judged");
  over(null);
  for (const cell of layout.querySelectorAll("td[data-severity]")) {
    delete cell.dataset.severity;
    delete cell.dataset.against;
  }
}

function over(cell) {
  for (const other of layout.querySelectorAll(".drop-here")) if (other !== cell) other.classList.remove("drop-here");
  cell?.classList.add("drop-here");
}

function drop(target) {
  const chip = lifted;
  landing = byKey ? chip.id : "";
  const cell = target && cellOf(target);
  const other = target && chipOf(target);
  settle();
  if (!chip || !cell) return;
  const place = `site=${cell.dataset.site}&day=${cell.dataset.day}`;
  if (chip.dataset.executive) ask(`${chip.getAttribute("href")}&${place}`);
  else if (other && other !== chip && other.dataset.v !== undefined) ask(`/visits/${uuidOf(chip)}/swap/?with=${uuidOf(other)}`);
  else if (cell !== cellOf(chip)) move(chip, cell, place);
}

function move(chip, cell, place) {
  const address = `/visits/${uuidOf(chip)}/place/`;
  const elsewhere = cellOf(chip).dataset.site !== cell.dataset.site;
  if (chip.dataset.told !== undefined || elsewhere) ask(`${address}?${place}`);
  else send(address, { date: cell.dataset.day, version: chip.dataset.v, at_once: 1 });
}

// --- mouse --------------------------------------------------------------------------------------------------------------

document.addEventListener("dragstart", (event) => {
  const chip = event.target.closest?.("a.chip");
  if (!layout || !chip) return;
  clearTimeout(resting);
  if (!movable(chip)) return event.preventDefault();
  event.dataTransfer.setData("text/plain", nameOf(chip));
  event.dataTransfer.effectAllowed = "move";
  lift(chip);
});
document.addEventListener("dragover", (event) => {
  const cell = lifted && cellOf(event.target);
  over(cell);
  if (cell) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  if (!lifted) return;
  event.preventDefault();
  drop(event.target);
});
document.addEventListener("dragend", () => { if (lifted && !byKey) settle(); });

// --- fingers ------------------------------------------------------------------------------------------------------------

let held = null; // {chip, x, y} of a finger that rests on a chip

document.addEventListener("pointerdown", (event) => {
  const chip = event.target.closest?.("a.chip");
  if (!layout || event.pointerType === "mouse" || !chip || !movable(chip)) return;
  held = { chip, x: event.clientX, y: event.clientY };
  resting = setTimeout(() => lift(chip), HOLD);
});
document.addEventListener("pointermove", (event) => {
  if (!held) return;
  if (lifted) over(cellOf(document.elementFromPoint(event.clientX, event.clientY) ?? document.body));
  else if (Math.hypot(event.clientX - held.x, event.clientY - held.y) > SLIP) letGo();
});
document.addEventListener("pointerup", (event) => {
  if (held && lifted) {
    document.addEventListener("click", (click) => click.preventDefault(), { once: true, capture: true });
    drop(document.elementFromPoint(event.clientX, event.clientY));
  }
  letGo();
});
document.addEventListener("pointercancel", letGo);
document.addEventListener("touchmove", (event) => { if (held && lifted) event.preventDefault(); }, { passive: false });
document.addEventListener("contextmenu", (event) => { if (held) event.preventDefault(); });

function letGo() {
  clearTimeout(resting);
  held = null;
}

// --- keys ---------------------------------------------------------------------------------------------------------------

const grid = () => [...layout.querySelectorAll("tbody tr")].map((line) => [...line.querySelectorAll("td[data-key]")]);

// Where focus can rest in a cell: its chips; while something is moved, the cell itself first
function stops(cell) {
  const inside = [...cell.querySelectorAll("a.chip, a.board-more")];
  return byKey ? [cell, ...inside.filter((one) => one.dataset.v !== undefined && one !== lifted)] : inside.length ? inside : [cell];
}

function rest(element) {
  if (!element) return;
  rove(element);
  element.focus();
  element.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (byKey) say(where(element));
}

function where(element) {
  const cell = cellOf(element);
  const line = cell.closest("tr").querySelector("th").firstChild.textContent.trim();
  const column = layout.querySelectorAll("thead th")[cell.cellIndex].firstChild.textContent.trim();
  const values = { site: line, day: column, against: cell.dataset.against ?? words.free, name: nameOf(element) };
  return element === cell ? fill(words.at, values) : fill(words.swap, values);
}

// One stop for Tab in the whole board: the chip that had the focus last
function rove(element) {
  const all = layout.querySelectorAll(".board a.chip, .board a.board-more, .board td[tabindex]");
  for (const one of all) one.tabIndex = -1;
  const first = element && layout.contains(element) ? element : all[0];
  if (first) first.tabIndex = 0;
}

function step(from, key) {
  const rows = grid();
  const cell = cellOf(from);
  const row = rows.findIndex((cells) => cells.includes(cell));
  const column = rows[row].indexOf(cell);
  const place = stops(cell).indexOf(from);
  if (key === "ArrowDown" || key === "ArrowUp") {
    const down = key === "ArrowDown";
    const near = stops(cell)[place + (down ? 1 : -1)];
    const next = rows[row + (down ? 1 : -1)]?.[column];
    return near ?? (next && (down ? stops(next)[0] : stops(next).at(-1)));
  }
  const columns = { ArrowLeft: column - 1, ArrowRight: column + 1, Home: 0, End: rows[row].length - 1 };
  const next = rows[row][columns[key]];
  return next && stops(next)[Math.min(place, stops(next).length - 1)];
}

const ARROWS = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"]);

function onBoard(event) {
  const at = event.target;
  const chip = chipOf(at) ?? at.closest(".tray-chip");
  if (ARROWS.has(event.key) && cellOf(at)) return rest(step(at, event.key)), true;
  if (byKey && event.key === "Enter") return drop(at), true;
  if (!works || byKey) return false;
  const key = event.key.toLowerCase();
  if (key === "m" && chip && movable(chip)) return startMove(chip), true;
  if (key === "l" && chip?.dataset.v !== undefined) return lock(chip), true;
  return false;
}

function startMove(chip) {
  lift(chip, true);
  for (const cell of layout.querySelectorAll("td[data-key]")) cell.tabIndex = -1;
  rest(cellOf(chip) ?? layout.querySelector("td[data-key]"));
  say(`${fill(words.lifted, { name: nameOf(chip) })} ${live.textContent}`);
}

function lock(chip) {
  const locked = chip.dataset.locked === undefined ? "1" : "";
  send(`/visits/${uuidOf(chip)}/lock/`, { version: chip.dataset.v, locked });
}

function anywhere(event) {
  if (event.key === "Escape" && lifted) {
    const chip = lifted;
    settle();
    chip.focus();
    return say(words.kept), true;
  }
  if (event.key === "Escape" && layout.classList.contains("board-layout-open")) return closePanel(), true;
  if (event.key.toLowerCase() === "u" && works) return document.querySelector("form[data-undo]")?.requestSubmit(), true;
  return false;
}

function onKey(event) {
  const typing = event.target.closest("input, textarea, select, dialog, details.menu[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const inside = event.target.closest(".board, .tray");
  if ((inside && onBoard(event)) || anywhere(event)) event.preventDefault();
}

function onClick(event) {
  const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  const chip = event.target.closest(".board a.chip, a.tray-chip");
  if (event.target.closest("[data-panel-close]") && plain) {
    event.preventDefault();
    closePanel();
  } else if (chip && plain && !event.defaultPrevented) {
    event.preventDefault();
    if (chip.dataset.executive) ask(chip.getAttribute("href"));
    else openPanel(chip);
  }
}

function fresh() {
  const chosen = new URL(location.href).searchParams.get("visit");
  choose(chosen);
  if (landing && !document.querySelector("dialog[open]")) {
    document.getElementById(landing)?.focus();
    landing = "";
  }
  rove(document.activeElement && chipOf(document.activeElement));
}

// Where the week is wider than the screen, the day asked for (else today) is what one looks at first
function showDay() {
  const cell = layout.querySelector(`td[data-day="${layout.dataset.day}"]`);
  const scroller = layout.querySelector(".board-scroll");
  if (cell) scroller.scrollLeft = Math.max(cell.offsetLeft + cell.offsetWidth - scroller.clientWidth, 0);
}

if (layout) {
  layout.querySelector(".board").setAttribute("role", "grid");
  showDay();
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  document.addEventListener("focusin", (event) => { if (chipOf(event.target)) rove(event.target); });
  document.addEventListener("htmx:afterSettle", fresh);
  fresh();
}
