// A survey on a phone: its sections become pages, questions appear by earlier answers, and what is unfinished stays in
// this browser alone. Without this script the survey is one page with the same questions. A kiosk keeps no drafts.

const PREFIX = "survey:";
const KEPT = 7 * 24 * 3600 * 1000; // milliseconds an unfinished survey is kept
const form = document.querySelector("form[data-survey]");

function storage() {
  try {
    return window.localStorage;
  } catch {
    return null; // switched off in this browser
  }
}

function dropOld() {
  const kept = storage();
  if (!kept) return;
  for (const key of Object.keys(kept).filter((each) => each.startsWith(PREFIX))) {
    const at = JSON.parse(kept.getItem(key) || "{}").at || 0;
    if (Date.now() - at > KEPT) kept.removeItem(key);
  }
}

function forget(name) {
  storage()?.removeItem(PREFIX + name);
}

// --- Which questions are asked -------------------------------------------------------------------------------------
const questions = form ? [...form.querySelectorAll("[data-question]")] : [];
const controls = (question) => [...question.querySelectorAll("input, textarea")];

function answersOf(question) {
  if (question.hidden) return [];
  return controls(question).filter((each) => each.type === "textarea" || each.checked).map((each) => each.value)
    .filter((value) => value.trim() !== "");
}

function ask() {
  const given = new Map();
  for (const question of questions) {
    const { shownIf, shownIs } = question.dataset;
    const shown = !shownIf || (given.get(shownIf) || []).includes(shownIs);
    question.hidden = !shown;
    for (const control of controls(question)) control.disabled = !shown;
    given.set(question.dataset.question, answersOf(question));
  }
}

// --- Unfinished answers, in this browser only ------------------------------------------------------------------------
function keep() {
  const name = form.dataset.draft;
  if (!name) return;
  const fields = questions.map((question) => [question.dataset.question, answersOf(question)]);
  storage()?.setItem(PREFIX + name, JSON.stringify({ at: Date.now(), fields, page: current }));
}

function restore() {
  const found = form.dataset.draft && storage()?.getItem(PREFIX + form.dataset.draft);
  if (!found || document.querySelector(".error-summary")) return 0;
  const draft = JSON.parse(found);
  const given = new Map(draft.fields);
  for (const question of questions) {
    const values = given.get(question.dataset.question) || [];
    for (const control of controls(question)) {
      if (control.type === "textarea") control.value = values[0] || "";
      else control.checked = values.includes(control.value);
    }
  }
  return draft.page || 0;
}

// --- Pages -----------------------------------------------------------------------------------------------------------
const pages = form ? [...form.querySelectorAll("[data-page]")] : [];
let current = 0;
let words = null;
let bar = null;

const asks = (page) => [...page.querySelectorAll("[data-question]")].some((question) => !question.hidden);
const open = () => pages.filter(asks);

function show() {
  const shown = open();
  current = Math.max(Math.min(current, shown.length - 1), 0);
  for (const page of pages) page.hidden = page !== shown[current];
  const last = current >= shown.length - 1;
  form.querySelector("[data-before]").hidden = current === 0;
  form.querySelector("[data-next]").hidden = last;
  form.querySelector("[data-send]").hidden = !last;
  words.textContent = words.dataset.words.replace("{page}", current + 1).replace("{pages}", shown.length);
  bar.max = shown.length;
  bar.value = current + 1;
  document.body.classList.toggle("survey-later", current > 0);
}

function turn(to) {
  current = to;
  show();
  keep();
  const head = form.querySelector(".survey-progress");
  head.focus({ preventScroll: true });
  head.scrollIntoView();
}

function complain(question) {
  const id = `${question.dataset.question}_missing`;
  if (!document.getElementById(id)) {
    const words = document.createElement("p");
    words.id = id;
    words.className = "invalid-feedback d-block";
    words.textContent = question.dataset.missing;
    question.append(words);
    for (const control of controls(question)) control.setAttribute("aria-describedby", id);
  }
}

function content(question) {
  document.getElementById(`${question.dataset.question}_missing`)?.remove();
}

function missingOn(page) {
  const missing = [...page.querySelectorAll("[data-question][data-required]")]
    .filter((question) => !question.hidden && answersOf(question).length === 0);
  missing.forEach(complain);
  controls(missing[0] || page)[0]?.focus();
  return missing.length > 0;
}

function toError() {
  const bad = form.querySelector(".invalid-feedback")?.closest("[data-page]");
  if (bad) current = Math.max(open().indexOf(bad), 0);
}

function start() {
  const progress = form.querySelector("template[data-progress]").content.firstElementChild.cloneNode(true);
  progress.tabIndex = -1;
  pages[0].before(progress);
  words = progress.querySelector("[data-words]");
  bar = progress.querySelector("progress");
  ask();
  current = restore();
  ask();
  toError();
  show();
}

function listen() {
  form.addEventListener("input", (event) => {
    const question = event.target.closest("[data-question]");
    if (!question) return;
    ask();
    if (answersOf(question).length) content(question);
    show();
    keep();
  });
  form.querySelector("[data-next]").addEventListener("click", () => missingOn(open()[current]) || turn(current + 1));
  form.querySelector("[data-before]").addEventListener("click", () => turn(current - 1));
  form.addEventListener("keydown", (event) => {
    const next = form.querySelector("[data-next]");
    if (event.key !== "Enter" || event.target.type === "textarea" || event.target.closest("a, button, summary")) return;
    event.preventDefault(); // a form's first button would do: on a kiosk that is a language
    (next.hidden ? form.querySelector("[data-send]") : next).click();
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter && !("send" in event.submitter.dataset)) return;
    const short = open().findIndex(missingOn);
    if (short >= 0) {
      event.preventDefault();
      event.stopPropagation();
      turn(short);
      missingOn(open()[short]);
    } else if (form.dataset.draft) sessionStorage.setItem("survey-sent", form.dataset.draft);
  });
  document.querySelector(".error-summary")?.addEventListener("click", (event) => {
    const question = document.querySelector(event.target.hash || null)?.closest("[data-page]");
    if (question) turn(Math.max(open().indexOf(question), 0));
  });
}

dropOld();
for (const name of document.querySelectorAll("[data-forget]")) forget(name.dataset.forget);
if (document.querySelector("[data-finished]")) {
  forget(sessionStorage.getItem("survey-sent") || "");
  sessionStorage.removeItem("survey-sent");
}
if (form && pages.length) {
  start();
  listen();
}
