// G groups the note in focus: its choice of groups opens and takes the focus. Without scripts the same menu is a click away.

function typing(element) {
  return element.closest("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (event.key.toLowerCase() !== "g" || !plain || typing(event.target)) return;
  const here = event.target.closest(".note-chip, .group-notes > li") || document.querySelector(".note-chip");
  const menu = here?.querySelector("details.note-move");
  if (!menu) return;
  event.preventDefault();
  menu.open = true;
  menu.querySelector("select").focus();
});

// Esc closes the choice and returns the focus
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest("details.note-move[open], details.group-change[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
