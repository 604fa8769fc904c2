// A form of the phone: large fields, one big button, and what is wrong said above it.
import { button, h } from "./dom.js";
import { shrink } from "./picture.js";
import { sha256 } from "./seal.js";
import { Wrong } from "./wrong.js";

/**
 * @param {string} title
 * @param {(import("./dom.js").Child | import("./dom.js").Child[])[]} content
 * @param {string} word of the big button
 * @param {(values: Record<string, string>) => Promise<void>} done
 * @param {string} back where one goes without saying anything
 */
export function form(title, content, word, done, back) {
  const wrong = h("p", { class: "note note-late", hidden: true, role: "alert" });
  const submit = h("button", { class: "act act-big" }, word);
  /** @param {SubmitEvent} event */
  const onsubmit = async (event) => {
    event.preventDefault();
    submit.setAttribute("disabled", "");
    try {
      await done(valuesOf(/** @type {HTMLFormElement} */ (event.target)));
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      wrong.textContent = error.message;
      wrong.hidden = false;
      wrong.scrollIntoView({ block: "center" });
    } finally {
      submit.removeAttribute("disabled");
    }
  };
  return h("form", { "data-form": title, onsubmit }, h("h1", {}, title), content.flat(), wrong, submit,
    h("a", { class: "act act-quiet act-wide", href: back }, "返回"));
}

/** @param {HTMLFormElement} element @returns {Record<string, string>} */
function valuesOf(element) {
  return Object.fromEntries([...new FormData(element)].map(([name, value]) => [name, typeof value === "string" ? value.trim() : ""]));
}

/**
 * Taking photos: made small at once, their place removed.
 * @param {string} label
 */
export function photoField(label) {
  /** @type {Blob[]} */
  const taken = [];
  const strip = h("div", { class: "strip" });
  const input = /** @type {HTMLInputElement} */ (h("input", {
    type: "file", accept: "image/*", capture: "environment", multiple: true, class: "hidden-file", "aria-label": label, onchange: add,
  }));
  async function add() {
    const files = [...(input.files ?? [])];
    input.value = "";
    for (const blob of await Promise.all(files.map(shrink))) {
      taken.push(blob);
      strip.append(picture(blob));
    }
  }
  /** @param {Blob} blob */
  function picture(blob) {
    const address = URL.createObjectURL(blob);
    const figure = h("figure", {}, h("img", { src: address, alt: label }), button("删", () => {
      taken.splice(taken.indexOf(blob), 1);
      URL.revokeObjectURL(address);
      figure.remove();
    }, "linkish"));
    return figure;
  }
  return {
    element: h("div", { class: "field" }, h("label", { class: "act act-quiet act-wide" }, `拍照：${label}`, input), strip),
    files: () => hashed(taken),
  };
}

/** @param {Blob[]} blobs */
export async function hashed(blobs) {
  const hashes = await Promise.all(blobs.map(async (blob) => sha256(await blob.arrayBuffer())));
  return { blobs, hashes };
}
