// A month of days is one tab stop: arrows walk it, Home and End go to the ends of a week. Without scripts each day is one.

const KEYS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
let pressed = ""; // the control that was pressed, to come back to after its cell was swapped

function controls(row) {
  return [...row.querySelectorAll("[role=gridcell]")].map((cell) => cell.querySelector("button, a"));
}

function rows(grid) {
  return [...grid.querySelectorAll("[role=row]")].map(controls).filter((row) => row.length);
}

function rove(grid, wanted) {
  const all = rows(grid).flat().filter(Boolean);
  const chosen = all.includes(wanted) ? wanted : all[0];
  for (const control of all) control.tabIndex = control === chosen ? 0 : -1;
}

// The next control in that direction; cells that cannot be pressed are passed over.
function next(table, [row, column], [down, right]) {
  for (let r = row + down, c = column + right; table[r] && c >= 0 && c < table[r].length; r += down, c += right) {
    if (table[r][c]) return table[r][c];
  }
  return null;
}

function place(table, control) {
  const row = table.findIndex((each) => each.includes(control));
  return [row, table[row]?.indexOf(control)];
}

document.addEventListener("keydown", (event) => {
  const grid = event.target.closest("[data-days]");
  const control = event.target.closest("button, a");
  if (!grid || !control || event.ctrlKey || event.metaKey || event.altKey) return;
  const table = rows(grid);
  const at = place(table, control);
  const line = (table[at[0]] || []).filter(Boolean);
  const ends = { Home: line[0], End: line.at(-1) };
  const found = event.key in KEYS ? next(table, at, KEYS[event.key]) : ends[event.key];
  if (!(event.key in KEYS) && !(event.key in ends)) return;
  event.preventDefault();
  if (found) {
    rove(grid, found);
    found.focus();
  }
});

document.addEventListener("focusin", (event) => {
  const grid = event.target.closest("[data-days]");
  if (grid && event.target.matches("button, a")) rove(grid, event.target);
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.closest("[data-days]")) pressed = event.detail.elt.id;
});

// Cells, heads of weeks and the whole month are swapped: the tab stop and the focus stay where the press was.
document.addEventListener("htmx:afterSettle", () => {
  const again = document.getElementById(pressed);
  for (const grid of document.querySelectorAll("[data-days]")) rove(grid, again || grid.querySelector("[tabindex='0']"));
  const strayed = !document.activeElement?.closest("[data-days]");
  if (strayed && again) again.focus({ preventScroll: true });
  if (document.activeElement === again) setTimeout(() => { pressed = ""; }, 0);
});

for (const grid of document.querySelectorAll("[data-days]")) rove(grid, null);
