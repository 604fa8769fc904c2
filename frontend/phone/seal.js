// Sealing: AES-GCM with the key that the server gives to this person. The phone can use it, and not read it out.

/** @typedef {{iv: Uint8Array<ArrayBuffer>, data: ArrayBuffer}} Sealed */

/** @param {string} base64 */
export function importKey(base64) {
  const octets = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("raw", octets, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** @param {CryptoKey} key @param {BufferSource} octets @returns {Promise<Sealed>} */
export async function sealOctets(key, octets) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, octets) };
}

/** @param {CryptoKey} key @param {Sealed} sealed */
export function openOctets(key, { iv, data }) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, data);
}

/** @param {CryptoKey} key @param {unknown} value */
export function seal(key, value) {
  return sealOctets(key, new TextEncoder().encode(JSON.stringify(value)));
}

/** @param {CryptoKey} key @param {Sealed} sealed @returns {Promise<any>} */
export async function unseal(key, sealed) {
  return JSON.parse(new TextDecoder().decode(await openOctets(key, sealed)));
}

/** @param {BufferSource} octets */
export async function sha256(octets) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", octets));
  return [...hash].map((each) => each.toString(16).padStart(2, "0")).join("");
}
