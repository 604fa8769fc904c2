// Making elements; text is always text, never markup.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * h("button", {class: "act", onclick: go}, "出发")
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElement}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const child of children.flat()) if (child || child === 0) element.append(child instanceof Node ? child : String(child));
  return element;
}

/** @param {string} title @param {Child | Child[]} content @param {Child} [aside] @param {string} [kind] */
export function box(title, content, aside = "", kind = "") {
  return h("section", { class: `box ${kind}` },
    h("div", { class: "box-head" }, h("h2", {}, title), aside && h("span", { class: "box-aside" }, aside)),
    h("div", { class: "box-body" }, content));
}

/** @param {string} word @param {string} [tone] */
export const chip = (word, tone = "neutral") => h("span", { class: `chip chip-${tone}` }, word);

/**
 * @param {string} word
 * @param {(event: Event) => void} act
 * @param {string} [kind]
 */
export const button = (word, act, kind = "act act-quiet") => h("button", { type: "button", class: kind, onclick: act }, word);

/**
 * A field with its label.
 * @param {string} label
 * @param {string} name
 * @param {Record<string, any>} [properties] `tag` is input, textarea or select
 * @param {...Child} children
 */
export function field(label, name, { tag = "input", ...properties } = {}, ...children) {
  return h("label", { class: "field" }, h("span", { class: "field-name" }, label), h(tag, { name, class: "control", ...properties }, ...children));
}

/** One of several, as large buttons. @param {string} label @param {string} name @param {[string, string][]} choices @param {string} [chosen] */
export function choice(label, name, choices, chosen = "") {
  return h("fieldset", { class: "choice" }, h("legend", {}, label), h("div", { class: "choices" }, choices.map(([value, word]) =>
    h("label", {}, h("input", { type: "radio", name, value, checked: value === chosen }), h("span", {}, word)))));
}
