// Photos, made small on the phone: drawn anew, so that no position and no camera stays in them.

/** The longer side, in pixels: enough to read a type plate, and forty go through a bad line in a minute. */
const LONGEST = 1280;
const QUALITY = 0.7;

/** @param {Blob} file @returns {Promise<Blob>} */
export async function shrink(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return blobOf(canvas, "image/jpeg", QUALITY);
}

/** @param {HTMLCanvasElement} canvas @param {string} type @param {number} [quality] @returns {Promise<Blob>} */
export function blobOf(canvas, type, quality) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), type, quality);
  });
}

/** The bar code on a photo, where the browser can read one. @param {Blob} file */
export async function barcode(file) {
  const Detector = /** @type {any} */ (window).BarcodeDetector;
  const found = await new Detector().detect(await createImageBitmap(file));
  return /** @type {string} */ (found[0]?.rawValue ?? "");
}

export const readsBarcodes = "BarcodeDetector" in window;
