// Reading and filling the fields of a form.

/** @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Field */

/** The fields that a person fills in. @param {HTMLFormElement} form */
export function fields(form) {
  return [...form.elements].filter(
    /** @returns {field is Field} */
    (field) =>
      (field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement ||
        (field instanceof HTMLInputElement && !["hidden", "password", "file", "submit", "button"].includes(field.type))) &&
      field.name !== "",
  );
}

/** @param {Field} field */
const isTick = (field) => field instanceof HTMLInputElement && ["radio", "checkbox"].includes(field.type);

/** What is filled in, by name. @param {HTMLFormElement} form */
export function values(form) {
  /** @type {Record<string, string[]>} */
  const found = {};
  for (const field of fields(form)) {
    found[field.name] ??= [];
    if (!isTick(field) || /** @type {HTMLInputElement} */ (field).checked) found[field.name].push(field.value);
  }
  return found;
}

/**
 * Puts the values back; whether that changed anything.
 * @param {Field} field
 * @param {string[]} values
 */
export function put(field, values) {
  if (isTick(field)) {
    const box = /** @type {HTMLInputElement} */ (field);
    const before = box.checked;
    box.checked = values.includes(box.value);
    return box.checked !== before;
  }
  const before = field.value;
  if (values.length) field.value = values[0];
  return field.value !== before;
}
