// What the phone knows now, in the open: read from the store at the start, and kept in step with it.
import { importKey, openOctets, seal, sealOctets, sha256, unseal } from "./seal.js";
import * as store from "./store.js";
import { Wrong } from "./wrong.js";

/** @typedef {{key: string, order: string, act: string, word: string, at: string, sentence: string, clause: string}} Conflict */

export const state = {
  /** @type {any} what the server gave for the shift; null while nobody has opened this phone */
  day: null,
  /** @type {(import("./steps.js").Act & {n: number, files: string[]})[]} done here and not yet sent, in their order */
  queue: [],
  /** @type {Conflict[]} refused, and not yet put away */
  conflicts: [],
  /** How many acts of somebody else lie here, sealed; he must sign in to send them. */
  others: 0,
  signal: navigator.onLine,
  signedOut: false,
  sending: false,
};

/** @type {CryptoKey | null} */
let key = null;

/** Says that something is different now; what is on the screen is drawn anew. */
export const changed = () => document.dispatchEvent(new Event("phone:changed"));

// --- Opening and closing -----------------------------------------------------------------------------

/** What was kept of the last day, if it is not too long since the server was heard. */
export async function reopen() {
  const lock = await store.recall("lock");
  if (!lock) return;
  if (Date.now() > lock.until) return store.forget();
  key = lock.key;
  state.day = await unseal(lock.key, await store.recall("day"));
  await readAgain();
}

/** A fresh day from the server: from now on it is this person's phone. @param {any} day */
export async function take(day) {
  const { key: base64, ...open } = day;
  key = await importKey(base64);
  state.day = open;
  state.signedOut = false;
  await readAgain();
  changed(); // to be seen at once; kept a moment later
  // The key goes when the server has not been heard for as long as a session lasts.
  await store.keep("lock", { key, until: Date.now() + day.keep * 1000 });
  await store.keep("day", await seal(key, open));
  const here = new Set(state.conflicts.map((each) => each.key));
  const dismissed = new Set(state.queue.filter((each) => each.act === "dismiss").map((each) => each.data.conflict));
  await setConflicts([...state.conflicts, ...open.conflicts.filter((/** @type {Conflict} */ each) => !here.has(each.key) && !dismissed.has(each.key))]);
}

/** What was done here since the day was fetched, written or not. */
export const done = () => [...state.day?.written ?? [], ...state.queue];

/** The queue and the conflicts as they stand in the store. */
export async function readAgain() {
  const rows = await store.waiting();
  const mine = rows.filter((row) => row.owner === state.day?.staff.number);
  state.others = rows.length - mine.length;
  state.queue = await Promise.all(mine.map(async (row) => (
    { ...await unseal(/** @type {CryptoKey} */ (key), row.sealed), n: row.n, files: row.files })));
  const sealed = await store.recall(conflictsOf());
  state.conflicts = sealed && key ? await unseal(key, sealed) : [];
}

/** Each person's are sealed with a key of his own. */
const conflictsOf = () => `conflicts-${state.day?.staff.number}`;

/** @param {Conflict[]} conflicts */
async function setConflicts(conflicts) {
  state.conflicts = conflicts;
  await store.keep(conflictsOf(), await seal(/** @type {CryptoKey} */ (key), conflicts));
}

// --- Doing -------------------------------------------------------------------------------------------

/**
 * Something was done, now: it is on the phone when this returns, with its photos.
 * @param {string} act
 * @param {string} order
 * @param {any} [data]
 * @param {Blob[]} [photos] their hashes must stand in `data`
 */
export async function perform(act, order, data = {}, photos = []) {
  if (!key) throw new Error("locked");
  const owner = state.day.staff.number;
  const said = { key: crypto.randomUUID(), act, order, at: new Date().toISOString(), data };
  const kept = await Promise.all(photos.map((photo) => sealedPhoto(owner, photo)));
  const files = kept.map((photo) => photo.sha256);
  const sealed = await seal(key, said);
  await store.enqueue({ owner, key: said.key, files, sealed }, kept).catch(() => {
    throw new Wrong("手机存不下了，这一步没有记下。请腾出一些空间后再做一次。");
  });
  await readAgain();
  changed();
  document.dispatchEvent(new Event("phone:acted"));
}

/** @param {string} owner @param {Blob} file @returns {Promise<store.Photo>} */
async function sealedPhoto(owner, file) {
  const octets = await file.arrayBuffer();
  const sealed = await sealOctets(/** @type {CryptoKey} */ (key), octets);
  return { sha256: await sha256(octets), owner, type: file.type, sent: false, sealed };
}

/** @param {store.Photo} photo */
export async function openPhoto(photo) {
  return new Blob([await openOctets(/** @type {CryptoKey} */ (key), photo.sealed)], { type: photo.type });
}

/** The engineer has read it. @param {Conflict} conflict */
export async function putAway(conflict) {
  await setConflicts(state.conflicts.filter((each) => each.key !== conflict.key));
  await perform("dismiss", "", { conflict: conflict.key });
}

/**
 * The server has judged these: they leave the queue, and what it refused stays to be read.
 * @param {typeof state.queue} acts
 * @param {Map<string, any>} answers by key
 */
export async function settle(acts, answers) {
  const refused = acts.flatMap((act) => {
    const no = answers.get(act.key).refused;
    return no ? [{ key: act.key, order: act.order, act: act.act, word: "", at: act.at, ...no }] : [];
  });
  const judged = new Set(acts.map((act) => act.n));
  const wanted = new Set(state.queue.filter((act) => !judged.has(act.n)).flatMap((act) => act.files));
  const gone = acts.flatMap((act) => act.files).filter((sha) => !wanted.has(sha));
  const written = acts.filter((act) => answers.get(act.key).ok);
  state.day = { ...state.day, written: [...state.day.written ?? [], ...written] };
  await store.settle([...judged], gone, {
    day: await seal(/** @type {CryptoKey} */ (key), state.day),
    [conflictsOf()]: await seal(/** @type {CryptoKey} */ (key), [...state.conflicts, ...refused]),
  });
  await readAgain();
  changed();
}
