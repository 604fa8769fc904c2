// <div data-pad="…"> around a file field: a pad to sign on, whose picture becomes the file.
import { signaturePad } from "../phone/pad.js";

/** @param {HTMLElement} place */
function lay(place) {
  const input = /** @type {HTMLInputElement | null} */ (place.querySelector("input[type=file]"));
  if (!input) return;
  const pad = signaturePad(place.dataset.pad ?? "");
  place.prepend(pad.element);
  pad.element.addEventListener("pointerup", async () => {
    const picture = await pad.picture();
    if (!picture) return;
    const files = new DataTransfer();
    files.items.add(new File([picture], "签名.png", { type: "image/png" }));
    input.files = files.files;
  });
  pad.element.querySelector("button")?.addEventListener("click", () => { input.value = ""; });
}

export function startSigning() {
  for (const place of document.querySelectorAll("[data-pad]")) lay(/** @type {HTMLElement} */ (place));
}
