// One order: where, what, how long, and the one right thing to do next.
import { box, button, chip, h } from "./dom.js";
import { waitingLine } from "./kept.js";
import { orderLine, when } from "./list.js";
import { lookUpPhone } from "./server.js";
import { perform, state } from "./state.js";
import { isBehind, nextStep, stepsOf, WORDS } from "./steps.js";
import { dayAndTime, remaining } from "./time.js";
import { orSay } from "./wrong.js";

/** @typedef {import("./steps.js").Order} Order */

/** @type {Record<string, string>} what stands on the big button; those not here open a form */
const BUTTONS = {
  accept: "接单", depart: "我已出发", arrive: "我已到场", resume: "恢复处理",
  "make-safe": "先应急处置", "decide-payer": "确定费用承担", quote: "向客户报价", consent: "请客户同意并签字", finish: "完工，请客户签字",
};
const AT_ONCE = new Set(["accept", "depart", "arrive", "resume"]);

/** @param {Order} order @param {Order[]} all */
export function orderScreen(order, all) {
  const next = all[all.findIndex((each) => each.number === order.number) + 1];
  return h("div", {}, headOf(order), chips(order), steps(order), bigButton(order), quickButtons(order), secondCopy(order),
    priceBox(order), more(order), next && box("下一单", orderLine(next), "", "box-list"), waitingLine());
}

/** @param {Order} order */
function headOf(order) {
  const about = [order.customer, order.range, order.number].filter(Boolean).join(" · ");
  return [h("div", { class: "order-head" }, h("h1", {}, order.place || order.title), order.urgent && chip("紧急", "late")),
    h("p", { class: "quiet order-about" }, about), h("p", { class: "order-text" }, order.text || order.title)]
    .reduce((all, each) => { all.append(each); return all; }, document.createDocumentFragment());
}

/** @param {Order} order */
function chips(order) {
  const late = order.due && Date.parse(order.due) < Date.now();
  return h("div", { class: "chips" },
    order.from ? chip(when(order), "info") : order.due && chip(`${order.due_title} ${dayAndTime(order.due)} 前 · ${remaining(order.due)}`, late ? "late" : "warn"),
    order.care && chip(order.care), order.waiting_for && chip(`等：${order.waiting_for}`, "warn"));
}

/** @param {Order} order */
function steps(order) {
  const next = nextStep(order);
  return h("ol", { class: "walk" }, stepsOf(order).map(([step, word]) => {
    const behind = isBehind(order, step);
    return h("li", { class: `step ${behind ? "step-done" : step === next ? "step-now" : ""}` }, behind ? `${word} ✓` : word);
  }));
}

/** @param {Order} order */
function bigButton(order) {
  const next = nextStep(order);
  if (!next) return null;
  if (AT_ONCE.has(next)) return button(BUTTONS[next], () => orSay(() => perform(next, order.number)), "act act-big");
  return h("a", { class: "act act-big", href: `#order/${order.number}/${next}` }, BUTTONS[next]);
}

/** @param {Order} order */
function quickButtons(order) {
  const photos = order.photos.length ? ` (${order.photos.length})` : "";
  return h("div", { class: "acts-three" },
    button("打电话", () => call(order)),
    h("a", { class: "act act-quiet", href: `#order/${order.number}/photo` }, `拍照${photos}`),
    h("a", { class: "act act-quiet", href: `#order/${order.number}/use` }, "领料"));
}

/** Given out at the store, with the goods. @param {Order} order */
function secondCopy(order) {
  return order.to_sign && button("材料已领，签收第二联", () => orSay(() => perform("fetched", order.number)), "act act-quiet act-wide");
}

/** The number is asked for when it is needed, and not kept. @param {Order} order */
async function call(order) {
  if (!order.phone) return alert("登记时没有留电话。");
  if (!state.signal) return alert(`现在没有信号，看不到 ${order.phone} 的完整号码。`);
  try {
    location.href = `tel:${await lookUpPhone(order.number)}`;
  } catch {
    alert("现在查不到号码，请稍后再试，或请前台转接。");
  }
}

/** @param {Order} order */
function priceBox(order) {
  if (order.urgent && !order.made_safe && order.state === "on-site")
    return box("先处置，费用后说", "紧急情况不因费用耽误。止水、断电后再报价，请业主签字确认。");
  if (order.total) {
    const answer = order.consented ? chip("客户已同意", "met") : order.declined ? chip("客户不同意", "late") : chip("等客户答复", "warn");
    return box("报价", [h("strong", { class: "number" }, `${order.total} 元`), " ", answer]);
  }
  return order.payer_words ? box("费用", order.payer_words) : null;
}

/** What is wanted seldom. @param {Order} order */
function more(order) {
  const may = ["pause", "appoint", "note", "contact", "request", ...(["sent", "accepted"].includes(order.state) ? ["refuse"] : []),
    ...(order.paid && order.quoted && !order.consented ? ["decline"] : []), ...(order.paid && order.quoted ? ["quote"] : []),
    ...(order.state === "on-site" && nextStep(order) !== "finish" ? ["finish"] : [])];
  const allowed = may.filter((act) => act !== "pause" || ["accepted", "departed", "on-site"].includes(order.state));
  return h("details", { class: "more" }, h("summary", {}, "更多"),
    h("div", { class: "acts" }, allowed.map((act) => h("a", { class: "act act-quiet", href: `#order/${order.number}/${act}` }, MORE[act] ?? WORDS[act]))));
}

/** @type {Record<string, string>} */
const MORE = { quote: "重新报价", request: "向库房领料", pause: "等待", note: "记一笔", decline: "客户不同意", finish: "没有维修，直接完工" };
