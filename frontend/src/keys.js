// "/" goes to the search, Ctrl+Enter sends the form, 1–9 choose a chip (with Alt while typing).

/** @param {EventTarget | null} target */
function isTyping(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "button", "submit"].includes(target.type);
  return target.isContentEditable || ["TEXTAREA", "SELECT"].includes(target.tagName);
}

/** @param {KeyboardEvent} event */
function goToField(event) {
  const field = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!(field instanceof HTMLElement)) return false;
  field.focus();
  if (field instanceof HTMLInputElement) field.select();
  return true;
}

/** Sends with the button that stands out, else the first one. @param {KeyboardEvent} event */
function send(event) {
  const form = event.target instanceof HTMLElement ? event.target.closest("form") : null;
  const buttons = [...(form?.querySelectorAll("button:not(:disabled)") ?? [])].filter((one) => /** @type {HTMLButtonElement} */ (one).type === "submit");
  const submit = buttons.find((one) => one.matches(".act-primary, .act-big")) ?? buttons[0];
  if (!form || !(submit instanceof HTMLElement)) return false;
  form.requestSubmit(submit);
  return true;
}

/**
 * The chips marked data-digits in the form at hand, else the first on the page; counted from 1.
 * @param {KeyboardEvent} event
 */
function choose(event) {
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  if (!digit) return false;
  const form = event.target instanceof HTMLElement ? event.target.closest("form") : null;
  const group = (form ?? document).querySelector("[data-digits]");
  const boxes = group?.querySelectorAll("input[type=radio], input[type=checkbox]");
  const box = boxes?.[Number(digit) - 1];
  if (!(box instanceof HTMLInputElement)) return false;
  box.click();
  return true;
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.isComposing || event.defaultPrevented) return;
  const typing = isTyping(event.target);
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  let done = false;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) done = send(event);
  else if (plain && !typing && event.key === "/") done = goToField(event);
  else if (plain && !typing) done = choose(event);
  else if (event.altKey && !event.ctrlKey) done = choose(event);
  if (done) event.preventDefault();
}

export function startKeys() {
  document.addEventListener("keydown", onKey);
}
