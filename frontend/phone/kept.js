// What waits to be sent, and what the server refused: neither is ever out of sight.
import { box, button, h } from "./dom.js";
import { putAway, state } from "./state.js";
import { WORDS } from "./steps.js";
import { dayAndTime, time } from "./time.js";
import { orSay } from "./wrong.js";

/** @param {any} act */
function words(act) {
  const photos = act.files.length && act.act === "photo" ? ` ${act.files.length} 张` : "";
  return `${time(act.at)} ${WORDS[act.act] ?? act.act}${photos}`;
}

export function waitingBox() {
  if (!state.queue.length) return box("待送 0 条", h("p", { class: "quiet" }, "都已送出。"));
  const acts = state.queue.filter((act) => act.act !== "dismiss");
  const first = acts.slice(0, 30).map((act) => h("div", { class: "line" },
    h("div", {}, words(act)), h("div", { class: "line-end quiet" }, act.order)));
  const more = acts.length > first.length ? h("p", { class: "quiet" }, `还有 ${acts.length - first.length} 条`) : null;
  return box(`待送 ${state.queue.length} 条`, [...first, more], "有信号后自动送出");
}

/** Under an order: only a line. */
export function waitingLine() {
  if (!state.queue.length) return null;
  const acts = state.queue.slice(-3).map(words).join(" · ");
  return box(`待送 ${state.queue.length} 条`, acts, "有信号后自动");
}

/** Refused: each with its sentence, until its engineer has read it. */
export function conflictBoxes() {
  return state.conflicts.map((conflict) => h("section", { class: "note note-late conflict" },
    h("strong", {}, `没有写入：${WORDS[conflict.act] ?? conflict.word} ${conflict.order}`),
    h("p", {}, `${conflict.sentence}${conflict.clause ? `（${conflict.clause}）` : ""}`),
    h("p", { class: "quiet" }, `${dayAndTime(conflict.at)} 在这台手机上做的；调度也已收到。`),
    button("知道了", () => orSay(() => putAway(conflict)), "act act-quiet act-small")));
}
