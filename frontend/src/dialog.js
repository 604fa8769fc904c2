// data-open="id" opens a <dialog>; data-close, Escape and a click beside it close it.

/** @param {MouseEvent} event */
function onClick(event) {
  const target = /** @type {Element} */ (event.target);
  const opener = target.closest("[data-open]");
  if (opener) {
    const dialog = document.getElementById(/** @type {HTMLElement} */ (opener).dataset.open ?? "");
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    dialog.showModal();
  } else if (target.closest("[data-close]") || target instanceof HTMLDialogElement) {
    const dialog = target.closest("dialog");
    if (dialog && !(target === dialog && inside(dialog, event))) dialog.close();
  }
}

/** @param {Element} box @param {MouseEvent} event */
function inside(box, event) {
  const { left, right, top, bottom } = box.getBoundingClientRect();
  return event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
}

export function startDialogs() {
  document.addEventListener("click", onClick);
  // A form in a dialog that came back with errors opens again.
  for (const dialog of document.querySelectorAll("dialog"))
    if (!dialog.open && dialog.querySelector("[data-errors], .is-wrong")) dialog.showModal();
}
