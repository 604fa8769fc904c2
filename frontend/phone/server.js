// The four addresses that the phone speaks with.

/** Nobody is signed in any more: what was done stays on the phone until its owner signs in again. */
export class SignedOut extends Error {}
/** Somebody else is signed in than the one who did this: it is not sent under his name. */
export class OtherPerson extends Error {}
/** No signal, or a server that is not well: later. */
export class NoSignal extends Error {}

const root = document.documentElement;
const PATIENCE = 60_000;

function csrf() {
  const name = `${root.dataset.csrf}=`;
  return document.cookie.split("; ").find((each) => each.startsWith(name))?.slice(name.length) ?? "";
}

/**
 * @param {string} address
 * @param {RequestInit} [asked]
 * @returns {Promise<Response>}
 */
async function ask(address, asked = {}) {
  let answer;
  try {
    answer = await fetch(address, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE), ...asked });
  } catch {
    throw new NoSignal();
  }
  // Signed out is a way to the sign-in page; after a new sign-in the shell brings a fresh token.
  if (answer.type === "opaqueredirect" || (answer.status === 403 && asked.method === "POST" && !isJson(answer))) throw new SignedOut();
  if (!answer.ok && answer.status !== 422) throw new NoSignal();
  return answer;
}

/** @param {Response} answer */
const isJson = (answer) => answer.headers.get("Content-Type")?.startsWith("application/json");

/** Everything for a shift. @returns {Promise<any>} */
export async function fetchDay() {
  // As the shell has announced it: the answer is on its way before this script runs.
  let answer;
  try {
    answer = await fetch("/phone/day.json");
  } catch {
    throw new NoSignal();
  }
  if (answer.redirected || answer.status === 403) throw new SignedOut();
  if (!answer.ok || !isJson(answer)) throw new NoSignal();
  return answer.json();
}

/** @param {BodyInit} body @param {Record<string, string>} [headers] */
const post = (body, headers = {}) => ({ method: "POST", body, headers: { "X-CSRFToken": csrf(), ...headers } });

/** Sent by whom it belongs to. @param {string} address @param {string} owner @param {RequestInit} asked */
async function deliver(address, owner, asked) {
  const answer = await ask(address, { ...asked, headers: { ...asked.headers, "X-Phone-Of": owner } });
  if (answer.ok) return answer.json();
  const { refused } = await answer.json();
  throw refused.code === "other-person" ? new OtherPerson() : new NoSignal();
}

/** An answer to each act. @param {string} owner @param {unknown[]} acts @returns {Promise<any[]>} */
export async function sendActs(owner, acts) {
  const body = JSON.stringify({ now: new Date().toISOString(), acts });
  return (await deliver("/phone/sync", owner, post(body, { "Content-Type": "application/json" }))).acts;
}

/** It is with the server when this returns. @param {string} owner @param {string} sha256 @param {Blob} file @param {string} name */
export async function sendPhoto(owner, sha256, file, name) {
  const form = new FormData();
  form.set("sha256", sha256);
  form.set("file", file, name);
  await deliver("/phone/files", owner, post(form));
}

/** The customer's whole number; that it was looked up is written down. @param {string} order */
export async function lookUpPhone(order) {
  const answer = await ask(`/phone/orders/${encodeURIComponent(order)}/phone`, post(""));
  const said = await answer.json();
  if (said.refused) throw new Error(said.refused.sentence);
  return /** @type {string} */ (said.phone);
}

export const SIGN_IN = "/sign-in?next=/phone/";
