// The shared terminal forgets: after a minute without a touch, when somebody leaves, and when somebody comes back to a
// page the browser kept. Pages are replaced, not left behind, so "back" shows the PIN page: also behind a page that was the
// answer to a form, which a browser would only show again after asking to send the form again.

const IDLE = 60; // seconds
const WARNED = 30; // of them with the clock in sight
const NEXT = 15; // seconds of thanks

const clock = document.querySelector("[data-kiosk]");
const thanks = document.querySelector("[data-kiosk-next]");
const home = (clock || thanks)?.dataset.home;
let last = Date.now();

function clean() {
  for (const form of document.forms) form.reset();
}

function leave() {
  clean();
  document.body.hidden = true;
  location.replace(home);
}

function stay() {
  last = Date.now();
  clock.hidden = true;
}

function tick() {
  const left = Math.ceil(IDLE - (Date.now() - last) / 1000);
  if (left <= 0) return leave();
  clock.hidden = left > WARNED;
  const words = clock.querySelector("[data-words]");
  // Read out twice, not every second
  if (!clock.hidden) words.textContent = words.dataset.words.replace("{seconds}", left);
  clock.setAttribute("aria-live", left === WARNED || left === 10 ? "polite" : "off");
}

if (!thanks) history.replaceState(null, "", home || location.href);
if (clock) {
  for (const kind of ["input", "keydown", "pointerdown", "scroll"]) addEventListener(kind, stay, { passive: true });
  clock.querySelector("[data-kiosk-stay]").addEventListener("click", stay);
  document.querySelector("[data-kiosk-leave]").addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  setInterval(tick, 1000);
}
if (thanks) setTimeout(() => location.replace(home), NEXT * 1000);

addEventListener("pagehide", () => { if (clock) document.body.hidden = true; });
addEventListener("pageshow", (event) => { if (event.persisted) location.replace(home || location.href); });
