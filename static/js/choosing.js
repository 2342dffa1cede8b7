// Rows of a list that can be ticked: how many are, all of a page at once, and keys while the focus is in the table:
// J and K go to the next and the one before, X ticks, Enter opens what has the focus. All of it has a link without scripts.

const sheet = document.querySelector("[data-choosing]");
const bar = document.getElementById("bulk");
const count = bar?.querySelector("[data-chosen]");
const idle = count?.textContent;

const boxes = () => [...sheet.querySelectorAll("tbody input[type=checkbox]")];

function tell() {
  if (!count) return; // all pages are chosen
  const ticked = boxes().filter((box) => box.checked).length;
  count.textContent = ticked ? count.dataset.chosen.replace("{n}", ticked) : idle;
}

function go(row, step) {
  const rows = [...sheet.querySelectorAll("tbody tr")];
  const next = rows[row ? rows.indexOf(row) + step : 0];
  next?.querySelector(".title a").focus();
}

if (sheet && bar) {
  sheet.addEventListener("change", tell);
  addEventListener("pageshow", tell);
  bar.addEventListener("click", (event) => {
    const link = event.target.closest("[data-tick]");
    if (!link) return;
    event.preventDefault();
    const all = boxes().some((box) => !box.checked);
    for (const box of boxes()) box.checked = all;
    tell();
  });
  sheet.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = event.target.closest("tbody tr");
    const key = event.key.toLowerCase();
    if (key === "j") go(row, 1);
    if (key === "k") go(row, -1);
    const box = row?.querySelector("input[type=checkbox]");
    if (key === "x" && box && !box.disabled) {
      box.checked = !box.checked;
      tell();
    }
  });
  tell();
}
