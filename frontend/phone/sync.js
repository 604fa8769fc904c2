// Sending: photos first, then the acts in their order, fifty at a time, as often as it takes.
import * as server from "./server.js";
import { changed, openPhoto, settle, state, take } from "./state.js";
import * as store from "./store.js";

const BATCH = 50;
const AGAIN = 20_000;
/** So many photos are under way together: a slow line is kept full. */
const ABREAST = 3;

/** Sends what waits and asks for the day. One page of this phone at a time does it. */
export async function sync() {
  await navigator.locks.request("shouwen-phone-sync", { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    state.sending = true;
    changed();
    try {
      if (state.day) await sendAll().catch(unlessOthers);
      await take(await server.fetchDay());
      if (state.queue.length) await sendAll(); // of who has just signed in again
      state.signal = true;
    } catch (error) {
      if (error instanceof server.SignedOut) state.signedOut = state.signal = true;
      else if (error instanceof server.NoSignal) state.signal = false;
      else throw error;
    } finally {
      state.sending = false;
      changed();
    }
  });
}

/** Somebody else holds the phone now: the day that follows is his. @param {unknown} error */
function unlessOthers(error) {
  if (!(error instanceof server.OtherPerson)) throw error;
}

async function sendAll() {
  while (state.queue.length) {
    const acts = state.queue.slice(0, BATCH);
    await sendPhotos([...new Set(acts.flatMap((act) => act.files))]);
    const said = acts.map(({ key, act, order, at, data }) => ({ key, act, order, at, data }));
    const answers = new Map((await server.sendActs(state.day.staff.number, said)).map((answer) => [answer.key, answer]));
    for (const answer of answers.values()) if (answer.missing) await sendOnceMore(answer);
    const judged = acts.filter((act) => answers.get(act.key)?.ok || answers.get(act.key)?.refused);
    await settle(judged, answers);
    if (!judged.length) throw new server.NoSignal(); // later, and not at once for ever
  }
}

/** The server lacks photos of this act: they go again, or it is said that they are lost. @param {any} answer */
async function sendOnceMore(answer) {
  for (const sha256 of answer.missing) {
    const photo = await store.photo(sha256);
    if (photo) await store.keepPhoto({ ...photo, sent: false });
    else answer.refused = { code: "photo-lost", sentence: "照片已经不在这台手机上，请重新拍照后再做这一步。", clause: "" };
  }
}

/** @param {string[]} hashes */
async function sendPhotos(hashes) {
  const left = [...hashes];
  const one = async () => {
    for (let sha256 = left.shift(); sha256; sha256 = left.shift()) await sendPhoto(sha256);
  };
  await Promise.all(Array.from({ length: ABREAST }, one));
}

/** @param {string} sha256 */
async function sendPhoto(sha256) {
  const photo = await store.photo(sha256);
  if (!photo || photo.sent) return;
  const name = photo.type === "image/png" ? "签名.png" : "照片.jpg";
  await server.sendPhoto(photo.owner, sha256, await openPhoto(photo), name);
  await store.keepPhoto({ ...photo, sent: true });
}

export function startSync() {
  window.addEventListener("online", () => sync());
  document.addEventListener("phone:acted", () => { if (navigator.onLine) sync(); });
  window.addEventListener("offline", () => { state.signal = false; changed(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); });
  setInterval(() => { if (!document.hidden && (state.queue.length || !state.signal)) sync(); }, AGAIN);
  return sync();
}
