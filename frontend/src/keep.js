// What was typed into <form data-keep="key"> survives a reload, a lost network and a signed-out session.
// It goes when the server says so (a message tagged "kept:key", or the HX-Trigger event "kept"), and at logout.
import { fields, put, values } from "./fields.js";

const OLDEST = 7 * 24 * 3600_000;
const PREFIX = "kept";

/** @param {string} key */
const slot = (key) => `${PREFIX}:${document.body.dataset.user ?? ""}:${key}`;

/** @param {HTMLFormElement} form */
function keep(form) {
  localStorage.setItem(slot(form.dataset.keep ?? ""), JSON.stringify({ at: Date.now(), values: values(form) }));
}

/** @param {HTMLFormElement} form */
function restore(form) {
  const stored = localStorage.getItem(slot(form.dataset.keep ?? ""));
  // A form that came back with errors already holds what was typed.
  if (!stored || form.querySelector("[data-errors], .is-wrong")) return;
  const kept = JSON.parse(stored).values;
  let changed = false;
  for (const field of fields(form)) {
    if (!(field.name in kept)) continue;
    changed = put(field, kept[field.name]) || changed;
  }
  if (changed) tell(form);
}

/** @param {HTMLFormElement} form */
function tell(form) {
  const line = document.createElement("p");
  line.className = "kept";
  line.append("上次没提交的内容还在。");
  const clear = document.createElement("button");
  clear.type = "button";
  clear.className = "linkish";
  clear.textContent = "清空重填";
  clear.addEventListener("click", () => { forget(form.dataset.keep ?? ""); form.reset(); line.remove(); });
  line.append(clear);
  form.prepend(line);
}

/** @param {string} key */
function forget(key) {
  localStorage.removeItem(slot(key));
}

/** Removes drafts of others on this machine and old ones, or all. @param {boolean} [all] */
function sweep(all = false) {
  const mine = slot("");
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(`${PREFIX}:`)) continue;
    const old = Date.now() - (JSON.parse(localStorage.getItem(name) ?? "{}").at ?? 0) > OLDEST;
    if (all || old || (document.body.dataset.user && !name.startsWith(mine))) localStorage.removeItem(name);
  }
}

/** @param {ParentNode} root */
function open(root) {
  for (const note of root.querySelectorAll("[data-tags]"))
    for (const tag of (/** @type {HTMLElement} */ (note).dataset.tags ?? "").split(" "))
      if (tag.startsWith("kept:")) forget(tag.slice(5));
  for (const form of root.querySelectorAll("form[data-keep]")) restore(/** @type {HTMLFormElement} */ (form));
}

/** A browser that forbids storage (or a page without an origin) keeps no drafts. */
function mayKeep() {
  try {
    return Boolean(window.localStorage);
  } catch {
    return false;
  }
}

export function startKeep() {
  if (!mayKeep()) return;
  sweep();
  open(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) open(/** @type {Element} */ (event.target).parentElement ?? document);
  });
  document.addEventListener("kept", (event) => forget(/** @type {CustomEvent} */ (event).detail.value));
  const onEdit = (/** @type {Event} */ event) => {
    const form = /** @type {HTMLElement} */ (event.target).closest("form[data-keep]");
    if (form) keep(/** @type {HTMLFormElement} */ (form));
  };
  document.addEventListener("input", onEdit);
  document.addEventListener("change", onEdit);
  document.addEventListener("submit", (event) => {
    if (/** @type {Element} */ (event.target).matches("form[data-logout]")) sweep(true);
  });
}
