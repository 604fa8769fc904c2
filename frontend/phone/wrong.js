// What is missing or wrong, as the person reads it.
export class Wrong extends Error {}

/** @param {unknown} found @param {string} sentence */
export function want(found, sentence) {
  if (!found) throw new Wrong(sentence);
}

/** Does it, and says why not. @param {() => Promise<void>} act */
export async function orSay(act) {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    alert(error.message);
  }
}
