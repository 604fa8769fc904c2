// Where an order stands after what was done here and not yet sent. The rules are those of
// shouwen/rules/orders.py, and the server asks them again: here they only choose the next button.

/**
 * @typedef {{number: string, case: string, place: string, building: string, customer: string, phone: string, range: string,
 *   urgent: boolean, title: string, text: string, care: string, state: string, paid: boolean, payer: string, payer_words: string,
 *   quoted: boolean, consented: boolean, declined: boolean, drawn: boolean, to_sign: boolean, made_safe: boolean, photos: string[],
 *   total: string, at_the_door: boolean, refused: boolean, proposed: {code?: string, name?: string, words?: string}, due: string, due_title: string, from: string, to: string, waiting_for: string, needs: string[]}} Order
 * @typedef {{key: string, act: string, order: string, at: string, data: any}} Act
 */

/** Who pays a bill for it; anybody else is not asked. */
const CUSTOMERS = new Set(["owner", "liable"]);

/** @type {Record<string, (order: Order, data: any) => Partial<Order>>} */
const CHANGES = {
  accept: () => ({ state: "accepted" }),
  refuse: () => ({ refused: true }),
  "decide-payer": (_order, data) => ({ payer: data.payer, paid: CUSTOMERS.has(data.payer) }),
  depart: () => ({ state: "departed" }),
  arrive: () => ({ state: "on-site" }),
  "make-safe": () => ({ made_safe: true }),
  pause: (_order, data) => ({ state: "paused", waiting_for: data.text }),
  resume: () => ({ state: "accepted", waiting_for: "" }),
  appoint: (_order, data) => ({ from: data.start, to: data.end }),
  photo: (order, data) => ({ photos: [...order.photos, ...data.files.map(() => data.when)] }),
  quote: (_order, data) => ({ quoted: true, consented: false, declined: false, total: total(data.lines) }),
  consent: () => ({ consented: true }),
  decline: () => ({ declined: true }),
  use: () => ({ drawn: true }),
  request: () => ({ drawn: true }),
  fetched: () => ({ to_sign: false }),
  finish: () => ({ state: "done" }),
};

/** @param {Order} order @param {Act[]} acts those that wait, in their order @returns {Order} */
export function after(order, acts) {
  return acts.filter((act) => act.order === order.number)
    .reduce((now, act) => ({ ...now, ...CHANGES[act.act]?.(now, act.data) }), order);
}

/** In cents, so that nothing is lost. @param {{quantity: string, price: string}[]} lines */
export function total(lines) {
  const cents = lines.reduce((sum, line) => sum + amount(line), 0);
  return (cents / 100).toFixed(2);
}

/** Half a cent up, as shouwen/rules/money.py. @param {{quantity: string, price: string}} line */
export function amount(line) {
  return Math.floor((Math.round(Number(line.quantity) * 100) * Math.round(Number(line.price) * 100) + 50) / 100);
}

/** The steps to show; a free repair has no price to talk about. @param {Order} order @returns {[string, string][]} */
export function stepsOf(order) {
  /** @type {[string, string][]} */
  const priced = order.paid ? [["quote", "报价"], ["consent", "同意"]] : [];
  return [["depart", "出发"], ["arrive", "到场"], ...priced, ["finish", "完工"]];
}

/** The one right thing to do now; "" when it is in other hands. @param {Order} order */
export function nextStep(order) {
  if (order.state === "on-site") return onSite(order);
  /** @type {Record<string, string>} */
  const simple = { sent: "accept", accepted: "depart", departed: "arrive", paused: "resume" };
  return simple[order.state] ?? "";
}

/** An emergency is made safe first; then the price, then the work. @param {Order} order */
function onSite(order) {
  if (order.urgent && !order.made_safe) return "make-safe";
  if (!order.payer) return "decide-payer";
  if (order.paid && !order.consented && !order.declined) return order.quoted ? "consent" : "quote";
  return "finish";
}

/** @param {Order} order @param {string} step */
export function isBehind(order, step) {
  const gone = { sent: 0, accepted: 0, departed: 1, "on-site": 2, paused: 2, done: 9 }[order.state] ?? 0;
  return step === "depart" ? gone >= 1 : step === "arrive" ? gone >= 2 : step === "quote" ? order.quoted
    : step === "consent" ? order.consented : gone >= 9;
}

/** @type {Record<string, string>} */
export const WORDS = {
  accept: "接单", refuse: "退单", depart: "出发", arrive: "到场", "make-safe": "应急处置", "decide-payer": "确定费用承担", pause: "等待", resume: "恢复",
  appoint: "约时间", photo: "照片", quote: "报价", consent: "客户同意", decline: "客户不同意", use: "用料", request: "领料", fetched: "签收第二联",
  finish: "完工", collect: "收现金", note: "记录", contact: "联系客户", report: "上报问题", dismiss: "知道了",
};
