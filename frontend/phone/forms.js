// The forms of an order. Each says what was done in words that the server knows (shouwen/phone/said.py).
import { choice, field, h } from "./dom.js";
import { form, hashed, photoField } from "./form.js";
import { lineEditor } from "./lines.js";
import { signaturePad } from "./pad.js";
import { perform, state } from "./state.js";
import { forField, moment } from "./time.js";
import { want } from "./wrong.js";

/** @typedef {import("./steps.js").Order} Order */
/** @typedef {[data: any, photos?: Blob[], further?: [string, any][]]} Said what is said of the act, its photos, and acts that follow it */
/** @typedef {{title: string, word: string, make: (order: Order) => {content: any[], say: (values: Record<string, string>) => Promise<Said>}}} Form */

/** @param {string} label @param {Record<string, any>} [properties] */
const text = (label, properties = {}) => field(label, "text", { tag: "textarea", rows: 3, required: true, ...properties });

/** One text and nothing else. @param {string} title @param {string} label @param {string} name @returns {Form} */
const words = (title, label, name) => ({
  title, word: "保存", make: () => ({
    content: [field(label, name, { tag: "textarea", rows: 3, required: true, maxlength: 200 })],
    say: async (values) => [{ [name]: values[name] }],
  }),
});

/** @param {string} title @param {string} label @returns {Form} */
const wordsWithPhotos = (title, label) => ({
  title, word: "保存", make: () => {
    const photos = photoField("照片");
    return { content: [text(label), photos.element], say: async (values) => {
      const { hashes, blobs } = await photos.files();
      return [{ text: values.text, files: hashes }, blobs];
    } };
  },
});

/** @type {Record<string, Form>} */
export const FORMS = {
  refuse: words("退单", "为什么退（由主管裁定）", "reason"),
  "make-safe": wordsWithPhotos("应急处置", "做了什么（关阀、断电、围挡…）"),
  note: wordsWithPhotos("记一笔", "内容"),
  contact: { title: "联系客户", word: "保存", make: () => ({
    content: [choice("联系上了吗", "reached", [["yes", "联系上了"], ["no", "没人接"]], "yes"), text("说了什么")],
    say: async (values) => [{ text: values.text, reached: values.reached === "yes" }],
  }) },
  pause: { title: "等待", word: "开始等待", make: () => ({
    content: [choice("在等什么", "reason", Object.entries(state.day.reasons)), text("写明在等什么、已经做了什么", { maxlength: 200 })],
    say: async (values) => {
      want(values.reason, "请选在等什么。");
      return [{ reason: values.reason, text: values.text }];
    },
  }) },
  appoint: { title: "约定上门时间", word: "保存", make: () => ({
    content: [field("自", "start", { type: "datetime-local", required: true, value: forField(Date.now() + 3600_000) }),
      field("至", "end", { type: "datetime-local", required: true, value: forField(Date.now() + 7200_000) }),
      field("和谁约的", "consent_by", { required: true, maxlength: 60 })],
    say: async (values) => {
      want(values.start < values.end, "结束时间要晚于开始时间。");
      return [{ start: moment(values.start), end: moment(values.end), consent_by: values.consent_by }];
    },
  }) },
  photo: { title: "拍照", word: "保存照片", make: () => {
    const photos = photoField("现场");
    return { content: [choice("什么时候的", "when", [["before", "维修前"], ["after", "维修后"]], "before"), photos.element], say: async (values) => {
      const { hashes, blobs } = await photos.files();
      want(hashes.length, "请先拍照。");
      return [{ when: values.when, files: hashes }, blobs];
    } };
  } },
  "decide-payer": { title: "费用由谁承担", word: "确定", make: (order) => ({
    content: [order.proposed.words && h("p", { class: "note note-info" }, `按规定：${order.proposed.name}。${order.proposed.words}`),
      choice("由谁承担", "payer", Object.entries(state.day.payers), order.proposed.code),
      field("与规定不同时写明理由", "reason", { maxlength: 200 })],
    say: async (values) => {
      want(values.payer, "请选费用由谁承担。");
      want(values.payer === order.proposed.code || values.reason, "与规定不同，请写明理由。");
      return [{ payer: values.payer, reason: values.reason }];
    },
  }) },
  quote: { title: "向客户报价", word: "报价", make: () => {
    const lines = lineEditor("prices");
    return { content: [lines.element], say: async () => [{ lines: lines.priced() }] };
  } },
  consent: { title: "客户同意报价", word: "客户同意", make: (order) => {
    const pad = signaturePad("客户签名");
    return {
      content: [h("p", { class: "amount" }, "维修费用 ", h("strong", { class: "number" }, `${order.total} 元`)),
        h("p", { class: "quiet" }, "请客户看过金额后在下面签名，签名即同意按此金额维修。"), pad.element,
        field("签名人", "name", { required: true, maxlength: 60, value: order.customer }), field("与业主关系", "relation", { maxlength: 20, placeholder: "本人、家属、租户…" })],
      say: async (values) => {
        const picture = await pad.picture();
        want(picture, "请客户先签名。");
        const { hashes, blobs } = await hashed([/** @type {Blob} */ (picture)]);
        return [{ name: values.name, relation: values.relation, total: order.total, signature: hashes[0] }, blobs];
      },
    };
  } },
  decline: words("客户不同意报价", "客户怎么说", "reason"),
  use: { title: "用料（从随身库存）", word: "记下用料", make: () => {
    const lines = lineEditor("carried");
    return { content: [lines.element], say: async () => [{ lines: lines.counted() }] };
  } },
  request: { title: "向库房领料", word: "开领料单", make: () => {
    const lines = lineEditor("materials");
    return { content: [lines.element], say: async () => [{ lines: lines.counted() }] };
  } },
  finish: { title: "完工", word: "完工", make: finishForm },
};

/** @type {[string, string][]} */
const SCORES = [["5", "很好"], ["4", "较好"], ["3", "一般"], ["2", "较差"], ["1", "很差"]];

/** What the regulation wants of a finished order is asked here, so that nobody learns it afterwards. @param {Order} order */
function finishForm(order) {
  const photos = photoField("维修后");
  const pad = signaturePad("客户签名");
  const wants = (/** @type {string} */ need) => order.needs.includes(need);
  const results = Object.entries(/** @type {Record<string, string>} */ (state.day.results)).filter(([code]) => code !== "declined" || order.declined);
  const content = [
    choice("结果", "result", results, resultOf(order)),
    text("做了什么"), photos.element,
    wants("quality") && choice("服务质量", "quality", SCORES), wants("attitude") && choice("服务态度", "attitude", SCORES),
    collects(order) && choice("费用", "cash", [["now", `收现金 ${order.total} 元`], ["later", "业户到前台付"]]),
    field("客户意见", "opinion", { tag: "textarea", rows: 2 }),
    field("回访电话", "phone", { type: "tel", maxlength: 40 }), field("用时（分钟）", "minutes", { type: "number", min: 0, max: 10000, inputmode: "numeric" }),
    h("h2", {}, "客户签名"), pad.element, field("签名人", "signed_name", { maxlength: 60, value: order.customer }),
    field("客户不能签名时写明原因", "no_signature", { maxlength: 100 }),
  ];
  return { content, say: async (/** @type {Record<string, string>} */ values) => {
    const [picture, taken] = [await pad.picture(), await photos.files()];
    requireFinished(order, values, Boolean(picture), taken.hashes.length);
    const signed = await hashed(picture ? [picture] : []);
    const score = (/** @type {string} */ name) => (values[name] ? Number(values[name]) : null);
    const said = {
      text: values.text, result: values.result, files: taken.hashes, signature: signed.hashes[0] ?? null, signed_name: picture ? values.signed_name : "",
      no_signature: picture ? "" : values.no_signature, quality: score("quality"), attitude: score("attitude"),
      opinion: values.opinion, phone: values.phone, minutes: values.minutes ? Number(values.minutes) : null,
    };
    const paid = values.result === "repaired" && values.cash === "now";
    /** @type {Said} */
    const acts = [said, [...taken.blobs, ...signed.blobs], paid ? [["collect", { amount: order.total, payer: values.signed_name }]] : []];
    return acts;
  } };
}

/** What most likely came of it: who has not agreed to a price has had nothing repaired. @param {Order} order */
function resultOf(order) {
  if (order.declined) return "declined";
  const unagreed = order.paid ? !order.consented : !order.payer;
  return order.made_safe && unagreed ? "made-safe" : "repaired";
}

/** Whether there is money to take at the door. @param {Order} order */
const collects = (order) => order.at_the_door && order.consented && Number(order.total) > 0;

/** As `missing_at_finish` of shouwen/rules/orders.py. @param {Order} order @param {Record<string, string>} values @param {boolean} signed @param {number} photos */
function requireFinished(order, values, signed, photos) {
  const silent = values.no_signature;
  const wants = (/** @type {string} */ need) => order.needs.includes(need);
  want(signed || silent || !wants("signature"), "请客户签名；不能签名的写明原因。");
  want(silent || values.quality || !wants("quality"), "请客户给服务质量评分。");
  want(silent || values.attitude || !wants("attitude"), "请客户给服务态度评分。");
  want(silent || values.opinion || !wants("opinion"), "请写下客户意见。");
  want(values.cash || values.result !== "repaired" || !collects(order), "请选现在收现金，还是业户到前台付。");
  want(values.phone || !wants("phone") || order.range.startsWith("公共"), "请留一个回访电话。");
  want(photos || order.photos.includes("after") || values.result !== "repaired" || !wants("photo_after"), "请拍维修后的照片。");
}

/** @param {Order} order @param {string} name */
export function formScreen(order, name) {
  const { title, word, make } = FORMS[name];
  const { content, say } = make(order);
  const back = `#order/${order.number}`;
  return form(title, [h("p", { class: "quiet" }, `${order.place} · ${order.number}`), ...content], word, async (values) => {
    const [data, photos = [], further = []] = await say(values);
    await perform(name, order.number, data, photos);
    for (const [act, said] of further) await perform(act, order.number, said);
    location.hash = back;
  }, back);
}
