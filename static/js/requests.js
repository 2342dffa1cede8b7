// While a request runs: the button says so, a line appears after 400 ms. After a swap: focus and a short mark. What did not
// come through is told, and the page stays as it is, with what was typed.

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
  button.dataset.waits = document.activeElement === button ? "focus" : "yes";
  button.disabled = true;
}

function ready(button, failed = false) {
  if (button?.dataset.waits === undefined) return;
  const again = failed && button.dataset.waits === "focus";
  if (words.has(button)) button.replaceChildren(...words.get(button));
  delete button.dataset.waits;
  button.disabled = false;
  if (again && document.activeElement === document.body) button.focus({ preventScroll: true });
}

// --- what did not come through ----------------------------------------------------------------------------------------------

const said = document.getElementById("toasts")?.dataset ?? {};
let told = null;

function untell() {
  told?.remove();
  told = null;
}

// Beside this page, which keeps what was typed
function signIn() {
  const link = document.createElement("a");
  link.href = `${said.signInUrl}?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = said.signIn;
  return link;
}

// In an open dialog, for all outside of it is out of reach
function tell(why) {
  untell();
  told = document.createElement("div");
  told.className = "note note-stop request-failed";
  told.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = said[why];
  const close = document.createElement("button");
  close.type = "button";
  close.className = "link-button";
  close.textContent = said.close;
  close.addEventListener("click", untell);
  told.append(words, ...(why === "out" ? [signIn()] : []), close);
  (document.querySelector("dialog[open]") || document.body).append(told);
}

// Signing in gives the browser another token, and this page still has the one of before. "again" once it has the
// new one, which must be the same person's; "out" where nobody is signed in
const whose = (page) => page.querySelector(".account-menu .menu-name")?.textContent;

async function renewed() {
  const answer = await fetch(location.href, { cache: "no-store" }).catch(() => null);
  if (!answer?.ok) return "unanswered";
  if (new URL(answer.url).pathname === said.signInUrl) return "out";
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (!token || whose(page) !== whose(document)) return "unanswered";
  for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
  if (document.body.hasAttribute("hx-headers")) document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  return "again";
}

// The browser thinks it has no network, which says nothing of a program on the same machine: asked first, sent then
async function ifReached(form, submitter) {
  try {
    await fetch(location.href, { method: "HEAD", cache: "no-store" });
  } catch {
    tell("lost");
    return;
  }
  form.dataset.reached = "yes";
  form.requestSubmit(submitter);
}

// --- forms that load another page ---------------------------------------------------------------------------------------------

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.dataset.download !== undefined) return;
  if (form.dataset.sent) event.preventDefault();
  else if (!navigator.onLine && !form.dataset.reached) {
    event.preventDefault();
    ifReached(form, event.submitter);
  } else {
    delete form.dataset.reached;
    form.dataset.sent = "yes";
    started();
    setTimeout(() => busy(event.submitter), 0); // after the browser has read the button's name and value
  }
});

addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  document.querySelectorAll("[data-waits]").forEach((button) => ready(button));
  renewed();
  running = 0;
  ended();
});

// --- requests for a part of the page ------------------------------------------------------------------------------------------

// What was pressed to send it, if anything was: other requests may run beside it
const pressed = ({ triggeringEvent, elt }) => triggeringEvent?.submitter || elt.closest("button");
const asksAgain = (elt) => elt.getAttribute("hx-trigger")?.startsWith("every");

// Bound to the request itself: what asked may have left the page before the answer, and then no event reaches it
document.addEventListener("htmx:beforeSend", ({ detail: { xhr, requestConfig } }) => {
  const button = pressed(requestConfig);
  started();
  busy(button);
  xhr.addEventListener("loadend", () => {
    const failed = xhr.status === 0 || (xhr.status >= 400 && ![409, 422].includes(xhr.status));
    ended();
    ready(button, failed);
    if (!failed && !asksAgain(requestConfig.elt)) untell();
  });
});

document.addEventListener("htmx:sendError", ({ detail: { elt } }) => { if (!asksAgain(elt)) tell("lost"); });
document.addEventListener("htmx:responseError", async ({ detail: { elt, xhr, requestConfig } }) => {
  if (asksAgain(elt)) return;
  const stale = xhr.status === 403 && requestConfig.verb !== "get";
  tell(stale ? await renewed() : "unanswered");
});
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (xhr.status !== 401 || requestConfig.verb === "get") return;
  event.preventDefault(); // the page would be loaded anew, without what was typed
  tell("out");
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
