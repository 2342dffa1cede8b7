// While a request runs: the button says so, a line appears after 400 ms. After a swap: focus and a short mark.

const line = document.getElementById("request-line");
let running = 0;
let timer = 0;

function started() {
  running += 1;
  if (running === 1) timer = setTimeout(() => { line.hidden = false; }, 400);
}

function ended() {
  running = Math.max(running - 1, 0);
  if (running === 0) {
    clearTimeout(timer);
    line.hidden = true;
  }
}

const words = new WeakMap(); // what a busy button says again afterwards

function busy(button) {
  if (!button || button.disabled) return;
  if (button.dataset.busy) {
    words.set(button, [...button.childNodes]);
    button.replaceChildren(button.dataset.busy);
  }
  button.dataset.waits = "yes";
  button.disabled = true;
}

function ready(button) {
  if (button?.dataset.waits === undefined) return;
  if (words.has(button)) button.replaceChildren(...words.get(button));
  delete button.dataset.waits;
  button.disabled = false;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.dataset.download !== undefined) return;
  if (form.dataset.sent) event.preventDefault();
  else {
    form.dataset.sent = "yes";
    started();
    setTimeout(() => busy(event.submitter), 0); // after the browser has read the button's name and value
  }
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  document.querySelectorAll("[data-waits]").forEach(ready);
  running = 0;
  ended();
});

// What was pressed to send a request, if anything was: other requests may run beside it
const pressed = ({ detail: { requestConfig } }) => requestConfig.triggeringEvent?.submitter || requestConfig.elt.closest("button");

document.addEventListener("htmx:beforeRequest", (event) => {
  started();
  busy(pressed(event));
});
document.addEventListener("htmx:afterRequest", (event) => {
  ended();
  ready(pressed(event));
  delete event.detail.elt.dataset.sent;
});

function focusNew(root) {
  const errors = root.querySelector(".error-summary");
  if (errors) return errors.focus();
  if (document.activeElement && document.activeElement !== document.body) return;
  const wanted = root.querySelector("[data-focus]") || root.querySelector("h1, h2, h3");
  if (!wanted || wanted.closest("dialog")) return;
  wanted.tabIndex = -1;
  wanted.focus({ preventScroll: true });
}

document.addEventListener("htmx:afterSettle", (event) => {
  const swapped = event.detail.elt;
  focusNew(swapped);
  if (swapped === document.body) return;
  swapped.classList.add("is-fresh");
  setTimeout(() => swapped.classList.remove("is-fresh"), 600);
});

document.querySelector(".error-summary")?.focus();
