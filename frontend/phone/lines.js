// Lines of a quotation or of materials: found by two characters, by code, or by the bar code.
import { button, h } from "./dom.js";
import { barcode, readsBarcodes } from "./picture.js";
import { state } from "./state.js";
import { total } from "./steps.js";
import { Wrong, want } from "./wrong.js";

/** @typedef {{code: string, name: string, unit: string, low: string, high: string, material: boolean, most: number}} Item what may be taken */
/** @typedef {{item: Item, quantity: HTMLInputElement, price: HTMLInputElement | null, row: HTMLElement}} Line */

const SHOWN = 12;

/** @param {"prices" | "materials" | "carried"} source @returns {(Item & {barcode: string})[]} */
function items(source) {
  const prices = state.day.prices.map((/** @type {any} */ each) => ({ ...each, barcode: "", material: false, most: Infinity }));
  const materials = state.day.materials.map((/** @type {any} */ each) => (
    { ...each, low: each.price, high: each.price, material: true, most: source === "carried" ? Number(each.carried) : Infinity }));
  if (source === "prices") return [...prices, ...materials];
  return source === "carried" ? materials.filter((/** @type {Item} */ each) => each.most > 0) : materials;
}

/** @param {string} q @param {(Item & {barcode: string})[]} all */
function find(q, all) {
  const exact = all.filter((each) => q && (each.barcode === q || each.code.toLowerCase() === q.toLowerCase()));
  if (exact.length === 1) return exact;
  const words = q.toLowerCase().split(/\s+/);
  return all.filter((each) => words.every((word) => `${each.code} ${each.name}`.toLowerCase().includes(word)));
}

/** @param {"prices" | "materials" | "carried"} source */
export function lineEditor(source) {
  const all = items(source);
  /** @type {Line[]} */
  const lines = [];
  const chosen = h("div", { class: "chosen" });
  const found = h("div", { class: "found" });
  const sum = h("p", { class: "amount", hidden: source !== "prices" });
  const search = /** @type {HTMLInputElement} */ (h("input", { class: "control", type: "search", placeholder: "编号或名称", "aria-label": "找项目", oninput: show }));

  function show() {
    const hits = find(search.value.trim(), all).slice(0, SHOWN);
    found.replaceChildren(...hits.map((item) => h("button", { type: "button", class: "line found-line", onclick: () => add(item) },
      h("span", {}, item.name), h("span", { class: "line-end" }, priceWords(item, source)))));
    if (!hits.length) found.append(h("p", { class: "quiet" }, all.length ? "没有找到，换个词试试。" : EMPTY[source]));
  }
  /** @param {Item} item */
  function add(item) {
    const quantity = number("数量", "1", "0.01");
    const price = source === "prices" ? number("单价", item.high, "0.01", item.material || !item.code ? "" : item.low, item.material ? "" : item.high) : null;
    const line = { item, quantity, price, row: h("div", {}) };
    line.row = h("div", { class: "chosen-line" }, h("strong", {}, item.name),
      h("div", { class: "chosen-numbers" }, quantity, h("span", {}, item.unit), price && [h("span", {}, "×"), price, h("span", {}, "元")].reduce((all, each) => { all.append(each); return all; }, h("span", { class: "chosen-price" })),
        button("删", () => { lines.splice(lines.indexOf(line), 1); line.row.remove(); reckon(); }, "linkish")));
    lines.push(line);
    chosen.append(line.row);
    search.value = "";
    show();
    reckon();
  }
  /** @param {string} label @param {string} value @param {string} step @param {string} [min] @param {string} [max] */
  function number(label, value, step, min = "0.01", max = "") {
    return /** @type {HTMLInputElement} */ (h("input", { class: "control number", type: "number", inputmode: "decimal", "aria-label": label, value, step, min: min || "0", max: max || null, required: true, oninput: reckon }));
  }
  function reckon() {
    sum.replaceChildren("合计 ", h("strong", { class: "number" }, `${total(lines.map(priced))} 元`));
  }
  /** @param {Line} line */
  const priced = ({ item, quantity, price }) => (
    { code: item.material ? "" : item.code, name: item.name, unit: item.unit, quantity: quantity.value, price: price?.value ?? "0", material: item.material });

  show();
  reckon();
  return {
    element: h("div", {}, chosen, sum, h("div", { class: "search" }, search, readsBarcodes && scanButton(search, show)), found),
    /** Lines of a quotation. */
    priced: () => {
      want(lines.length, "请先从下面选项目。");
      return lines.map(priced);
    },
    /** Materials and how many. */
    counted: () => {
      want(lines.length, "请先从下面选物料。");
      for (const { item, quantity } of lines) if (Number(quantity.value) > item.most) throw new Wrong(`“${item.name}”随身只有 ${item.most} ${item.unit}。`);
      return lines.map(({ item, quantity }) => ({ code: item.code, quantity: quantity.value }));
    },
  };
}

const EMPTY = { prices: "还没有公示的收费标准，请前台报价。", materials: "库房还没有物料。", carried: "随身没有物料，请先向库房领料。" };

/** @param {Item} item @param {string} source */
function priceWords(item, source) {
  if (source === "carried") return `随身 ${item.most} ${item.unit}`;
  if (source === "materials") return item.code;
  return item.low === item.high ? `${item.high} 元/${item.unit}` : `${item.low}–${item.high} 元/${item.unit}`;
}

/** @param {HTMLInputElement} search @param {() => void} show */
function scanButton(search, show) {
  const input = /** @type {HTMLInputElement} */ (h("input", { type: "file", accept: "image/*", capture: "environment", class: "hidden-file", "aria-label": "扫条码", onchange: async () => {
    const file = input.files?.[0];
    search.value = file ? await barcode(file) : "";
    input.value = "";
    show();
  } }));
  return h("label", { class: "act act-quiet" }, "扫码", input);
}
