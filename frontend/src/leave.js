// Signing out clears the phone (掌上) of this browser as well: what waits there is not thrown away unasked.
import { exists, waiting } from "../phone/store.js";

/** @param {SubmitEvent} event */
async function onSubmit(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.matches("form[data-logout]") || form.hasAttribute("data-asked")) return;
  event.preventDefault();
  const left = (await exists()) ? (await waiting()).length : 0;
  if (left && !confirm(`这台手机的掌上还有 ${left} 条记录没送出，退出就没有了。仍要退出吗？`)) return;
  form.setAttribute("data-asked", "");
  form.requestSubmit();
}

export function startLeave() {
  if (window.indexedDB) document.addEventListener("submit", (event) => { onSubmit(/** @type {SubmitEvent} */ (event)); });
}
