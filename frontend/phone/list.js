// All orders of the day in the order of the way, and a fault found on the round.
import { box, chip, field, h } from "./dom.js";
import { form, photoField } from "./form.js";
import { waitingLine } from "./kept.js";
import { perform } from "./state.js";
import { dayAndTime, remaining, time } from "./time.js";

/** @typedef {import("./steps.js").Order} Order */

/** The one in hand: on the spot, on the way, else the first of the way. @param {Order[]} all */
export function currentOrder(all) {
  return all.find((order) => order.state === "on-site") ?? all.find((order) => order.state === "departed") ?? all[0];
}

/** @param {Order[]} all */
export function listScreen(all) {
  const empty = box("手里没有未完工的维修单", h("p", { class: "quiet" }, "新派的单会自动出现。"));
  return h("div", {}, all.length ? byBuilding(all) : empty, waitingLine(),
    h("a", { class: "act act-quiet act-wide", href: "#report" }, "巡查发现问题，上报"),
    h("a", { class: "act act-quiet act-wide", href: "#kept" }, "待送与退出"));
}

/** @param {Order[]} all as the server has laid them on the way */
function byBuilding(all) {
  /** @type {[string, Order[]][]} */
  const stops = [];
  for (const order of all) {
    const last = stops.at(-1);
    if (last && last[0] === order.building) last[1].push(order);
    else stops.push([order.building, [order]]);
  }
  return stops.map(([building, orders]) => box(building, orders.map(orderLine), orders.length > 1 ? `${orders.length} 单` : "", "box-list"));
}

/** @param {Order} order */
export function orderLine(order) {
  return h("a", { class: "line order-line", href: `#order/${order.number}` },
    h("div", {}, h("strong", {}, order.place), ` ${order.title}`),
    h("div", { class: "line-end" }, order.urgent ? chip("紧急", "late") : STATES[order.state] ?? ""),
    h("div", { class: "line-note" }, when(order)));
}

/** @type {Record<string, string>} */
export const STATES = { sent: "待接单", accepted: "已接单", departed: "已出发", "on-site": "已到场", paused: "等待" };

/** @param {Order} order */
export function when(order) {
  const agreed = order.from ? `约定 ${dayAndTime(order.from)}–${time(order.to)}` : "";
  const due = order.due ? `${order.due_title} ${dayAndTime(order.due)} 前，${remaining(order.due)}` : "";
  return [agreed || due, order.waiting_for && `等：${order.waiting_for}`].filter(Boolean).join(" · ");
}

export function reportScreen() {
  const photos = photoField("照片");
  return form("上报问题", [
    field("发现了什么", "text", { tag: "textarea", rows: 4, required: true, placeholder: "例如：3 栋地下室水泵房地面积水" }),
    field("在哪里", "address", { maxlength: 120, placeholder: "楼栋、房号或位置" }),
    photos.element,
  ], "上报", async (values) => {
    const files = await photos.files();
    await perform("report", "", { text: values.text, address: values.address, files: files.hashes }, files.blobs);
    location.hash = "#all";
  }, "#all");
}
