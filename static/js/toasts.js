// Toasts: from the page itself, and from answers with the header HX-Trigger: {"toast": {"text": …, "tone": …, "undo": address}}.

const STAY = 9000;
const corner = document.getElementById("toasts");

function settle(toast) {
  let left = setTimeout(() => toast.remove(), STAY);
  const hold = () => clearTimeout(left);
  const release = () => { hold(); left = setTimeout(() => toast.remove(), STAY); };
  toast.addEventListener("mouseenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("mouseleave", release);
  toast.addEventListener("focusout", release);
  toast.querySelector("[data-toast-close]")?.addEventListener("click", () => toast.remove());
}

for (const toast of document.querySelectorAll("[data-toast]")) {
  corner.append(toast);
  settle(toast);
}

function undo(address, toast) {
  const button = document.createElement("button");
  button.className = "link-button";
  button.textContent = corner.dataset.undo;
  button.addEventListener("click", () => {
    toast.remove();
    htmx.ajax("POST", address, { swap: "none" });
  });
  return button;
}

document.addEventListener("toast", (event) => {
  const toast = document.createElement("p");
  toast.className = `toast-line toast-${event.detail.tone || "success"}`;
  toast.textContent = event.detail.text;
  if (event.detail.undo) toast.append(undo(event.detail.undo, toast));
  corner.append(toast);
  settle(toast);
});
