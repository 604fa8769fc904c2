// <form data-once> goes out once; a second click does nothing. Without a network no form leaves the page.
import { say } from "./toast.js";

const WORDS = "没有网络，内容还在。有网后再点一次。";

/** @param {HTMLFormElement} form @param {boolean} busy */
function mark(form, busy) {
  form.toggleAttribute("data-sent", busy);
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    button.classList.toggle("is-busy", busy);
    if (busy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

/** @param {SubmitEvent} event */
function onSubmit(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const sent = form.hasAttribute("data-sent");
  if (!sent && navigator.onLine) {
    // Marked after the event, or the browser would leave out the name of the pressed button.
    if (form.matches("[data-once]")) setTimeout(() => { if (!event.defaultPrevented || isHtmx(form)) mark(form, true); });
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!sent) say(WORDS);
}

/** @param {Element} form */
const isHtmx = (form) => form.hasAttribute("hx-post") || form.hasAttribute("hx-get");

function release() {
  for (const form of document.querySelectorAll("form[data-sent]")) mark(/** @type {HTMLFormElement} */ (form), false);
}

export function startOnce() {
  document.addEventListener("submit", (event) => onSubmit(/** @type {SubmitEvent} */ (event)), true);
  window.addEventListener("pageshow", release);
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = /** @type {Element} */ (event.target).closest("form");
    if (form?.hasAttribute("data-sent")) mark(form, false);
  });
}
