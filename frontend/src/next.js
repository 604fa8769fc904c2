// Enter in a field with data-next="id" does what it does (looks somebody up), and the cursor goes on to that field.

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.key !== "Enter" || event.isComposing || event.ctrlKey || event.metaKey) return;
  const next = event.target instanceof HTMLElement ? event.target.dataset.next : undefined;
  if (next) setTimeout(() => document.getElementById(next)?.focus());
}

export function startNext() {
  document.addEventListener("keydown", onKey);
}
