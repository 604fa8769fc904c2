// A pad to sign on with a finger.
import { h } from "./dom.js";
import { blobOf } from "./picture.js";

const INK = "#17212e";

/**
 * The pad and what is on it: `picture()` is null while nobody has signed.
 * @param {string} label
 */
export function signaturePad(label) {
  const canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { class: "pad", width: 720, height: 300, "aria-label": label }));
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  let signed = false;
  clear();

  function clear() {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.lineWidth = 5;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = INK;
    signed = false;
  }

  /** @param {PointerEvent} event @returns {[number, number]} */
  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  }

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) pen.lineTo(...place(each));
    pen.stroke();
    signed = true;
  });
  return {
    element: h("div", { class: "pad-frame" }, canvas,
      h("button", { type: "button", class: "linkish", onclick: clear }, "重签")),
    picture: () => (signed ? blobOf(canvas, "image/png") : Promise.resolve(null)),
  };
}
