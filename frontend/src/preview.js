// What <… data-preview> asked for before the latest choice in its form would undo that choice when it arrives.
// It is dropped: the choice itself has asked anew.

/** @type {WeakMap<Element, number>} how often something was chosen in a form */
const chosen = new WeakMap();
/** @type {WeakMap<XMLHttpRequest, number>} how often when the request left */
const asked = new WeakMap();

/** @param {Event} event the form around what previews, or around what was chosen */
const formOf = (event) => /** @type {Element} */ (event.target).closest("form");

/** @param {Event} event @param {Element} form */
function isStale(event, form) {
  const { xhr } = /** @type {CustomEvent} */ (event).detail;
  return asked.get(xhr) !== (chosen.get(form) ?? 0);
}

/** @param {Event} event */
const previews = (event) => /** @type {Element} */ (event.target).matches("[data-preview]");

export function startPreview() {
  document.addEventListener("change", (event) => {
    const form = formOf(event);
    if (form) chosen.set(form, (chosen.get(form) ?? 0) + 1);
  }, true);
  document.addEventListener("htmx:beforeSend", (event) => {
    const form = formOf(event);
    if (form && previews(event)) asked.set(/** @type {CustomEvent} */ (event).detail.xhr, chosen.get(form) ?? 0);
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = formOf(event);
    if (form && previews(event) && isStale(event, form)) /** @type {CustomEvent} */ (event).detail.shouldSwap = false;
  });
}
