// data-copy="text" puts the text on the clipboard and says so.
import { say } from "./toast.js";

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    say("已复制", 2);
  } catch {
    say(`这个浏览器不让复制，请手抄：${text}`);
  }
}

export function startCopy() {
  document.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("[data-copy]");
    if (button) void copy(/** @type {HTMLElement} */ (button).dataset.copy ?? "");
  });
}
