// What the phone keeps, in IndexedDB: the day, the acts that wait to be sent, their photos, and the
// key that opens them. Everything of a person is sealed (seal.js) before it comes here.

/** @typedef {{n: number, owner: string, key: string, files: string[], sealed: import("./seal.js").Sealed}} Waiting an act; `files` are hashes of its photos */
/** @typedef {{sha256: string, owner: string, type: string, sent: boolean, sealed: import("./seal.js").Sealed}} Photo */

const NAME = "shouwen-phone";

/** @type {Promise<IDBDatabase> | undefined} */
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("kept");
      asked.result.createObjectStore("queue", { keyPath: "n", autoIncrement: true });
      asked.result.createObjectStore("photos", { keyPath: "sha256" });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/**
 * One transaction: it is on the disk when this returns, all of it or nothing.
 * @template T
 * @param {("kept" | "queue" | "photos")[]} names
 * @param {IDBTransactionMode} mode
 * @param {(...stores: IDBObjectStore[]) => IDBRequest<T> | void} act
 * @returns {Promise<T | undefined>}
 */
async function transaction(names, mode, act) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const running = base.transaction(names, mode, { durability: mode === "readwrite" ? "strict" : "default" });
    const asked = act(...names.map((name) => running.objectStore(name)));
    running.oncomplete = () => resolve(asked?.result);
    running.onabort = () => reject(running.error);
  });
}

// --- The day, the key and what was refused -----------------------------------------------------------

/** @param {string} name @returns {Promise<any>} */
export const recall = (name) => transaction(["kept"], "readonly", (kept) => kept.get(name));

/** @param {string} name @param {unknown} value */
export const keep = (name, value) => transaction(["kept"], "readwrite", (kept) => { kept.put(value, name); });

/** The key goes, and everything that is not still to be sent. What waits stays sealed for its owner. */
export const forget = () => transaction(["kept"], "readwrite", (kept) => { kept.clear(); });

/** Whether this browser was ever a phone of ours; asking makes no database. */
export async function exists() {
  const all = await indexedDB.databases?.() ?? [];
  return all.some((each) => each.name === NAME);
}

// --- The queue ---------------------------------------------------------------------------------------

/**
 * An act and its photos, together or not at all.
 * @param {Omit<Waiting, "n">} act
 * @param {Photo[]} photos
 */
export function enqueue(act, photos) {
  return transaction(["queue", "photos"], "readwrite", (queue, kept) => {
    queue.add(act);
    for (const photo of photos) kept.put(photo);
  });
}

/** All acts that wait, in the order in which they were done. @returns {Promise<Waiting[]>} */
export async function waiting() {
  return await transaction(["queue"], "readonly", (queue) => queue.getAll()) ?? [];
}

/**
 * Answered: the acts go, with the photos that no other act speaks of, and what came of them is kept.
 * @param {number[]} numbers
 * @param {string[]} hashes
 * @param {Record<string, import("./seal.js").Sealed>} also
 */
export function settle(numbers, hashes, also) {
  return transaction(["queue", "photos", "kept"], "readwrite", (queue, photos, kept) => {
    for (const n of numbers) queue.delete(n);
    for (const sha256 of hashes) photos.delete(sha256);
    for (const [name, sealed] of Object.entries(also)) kept.put(sealed, name);
  });
}

/** @param {string} sha256 @returns {Promise<Photo | undefined>} */
export const photo = (sha256) => transaction(["photos"], "readonly", (photos) => photos.get(sha256));

/** @param {Photo} changed */
export const keepPhoto = (changed) => transaction(["photos"], "readwrite", (photos) => { photos.put(changed); });
