// What is on the screen: the head, and one screen by the address behind the "#".
import { box, button, h } from "./dom.js";
import { enough } from "./enough.js";
import { conflictBoxes, waitingBox } from "./kept.js";
import { currentOrder, listScreen, reportScreen } from "./list.js";
import { orderScreen } from "./order.js";
import { FORMS, formScreen } from "./forms.js";
import { SIGN_IN } from "./server.js";
import { changed, done, reopen, state } from "./state.js";
import { after } from "./steps.js";
import { startSync, sync } from "./sync.js";

const place = /** @type {HTMLElement} */ (document.getElementById("phone"));

/** The orders of the day as they stand after what was done here. @returns {import("./steps.js").Order[]} */
export function orders() {
  const all = /** @type {import("./steps.js").Order[]} */ (state.day?.orders ?? []);
  return all.map((order) => after(order, done())).filter((order) => order.state !== "done" && !order.refused);
}

function head() {
  const count = orders().length;
  return h("header", { class: "head" },
    h("a", { href: "#all", class: "head-title" }, state.day ? `我的维修单 ${count}` : "首问掌上"),
    h("a", { href: "#kept", class: `signal ${state.signal && !state.queue.length ? "signal-good" : ""}`, role: "status" }, signalWords()));
}

function signalWords() {
  const left = state.queue.length;
  const waits = left ? `${left} 条待送` : "";
  if (!state.signal) return ["无信号", waits].filter(Boolean).join(" · ");
  if (state.sending && left) return `正在送 ${left} 条`;
  return waits || "已全部送出";
}

function notes() {
  return [
    state.signedOut && h("div", { class: "note note-warn" }, "登录已过期。做的每一步照样记在手机上，重新登录后送出。 ",
      h("a", { href: SIGN_IN }, "重新登录")),
    state.others > 0 && h("div", { class: "note note-warn" }, `这台手机上还有别人的 ${state.others} 条记录没送出，请他登录后送出。`),
    ...conflictBoxes(),
  ];
}

function screen() {
  const [name, number = "", form = ""] = decodeURIComponent(location.hash.slice(1)).split("/");
  if (!state.day) return closedScreen();
  if (name === "kept") return keptScreen();
  if (name === "report") return reportScreen();
  const all = orders();
  const order = all.find((each) => each.number === number) ?? (name ? undefined : currentOrder(all));
  if (order && form && form in FORMS) return formScreen(order, form);
  if (order) return orderScreen(order, all);
  return listScreen(all);
}

function closedScreen() {
  if (state.signedOut) return box("请先登录", h("a", { class: "act act-big", href: SIGN_IN }, "登录"));
  return h("p", { class: "starting" }, state.signal ? "正在取今天的单…" : "没有信号。第一次使用要先联网登录。");
}

/** What waits, and the way out. */
function keptScreen() {
  return h("div", {}, waitingBox(), box("这台手机", [
    h("p", {}, `${state.day.staff.name} · ${state.day.project}`),
    h("p", { class: "quiet" }, "维修单、客户和价格加密存在这台手机上，退出后全部清除。"),
    h("div", { class: "acts" }, button("立即送出", () => sync(), "act act-primary"), button("退出", leave, "act act-danger")),
  ]), h("a", { href: "#all", class: "act act-quiet act-wide" }, "回到维修单"));
}

/** Signing out clears this phone: what still waits would be lost, so that it goes first. */
async function leave() {
  await sync();
  const left = state.queue.length;
  if (left && !confirm(`还有 ${left} 条没送出，现在退出就没有了。有信号后再退出更好。\n仍要退出吗？`)) return;
  const form = /** @type {HTMLFormElement} */ (h("form", { method: "post", action: "/sign-out" },
    h("input", { type: "hidden", name: "csrfmiddlewaretoken", value: csrfOfCookie() })));
  document.body.append(form);
  form.submit();
}

function csrfOfCookie() {
  const name = `${document.documentElement.dataset.csrf}=`;
  return document.cookie.split("; ").find((each) => each.startsWith(name))?.slice(name.length) ?? "";
}

let shown = "";

/** Draws the head always; a form that is being filled in only when one goes to another screen. */
function draw() {
  const filling = place.querySelector("form[data-form]");
  if (filling && shown === location.hash) {
    place.querySelector(".head")?.replaceWith(head());
    return;
  }
  const moved = shown !== location.hash;
  shown = location.hash;
  place.replaceChildren(head(), h("main", { class: "body" }, notes(), screen()));
  if (moved) scrollTo(0, 0);
}

export async function start() {
  const lacking = enough();
  if (lacking) {
    place.replaceChildren(h("p", { class: "starting" }, lacking));
    return;
  }
  document.addEventListener("phone:changed", draw);
  window.addEventListener("hashchange", draw);
  navigator.serviceWorker.register("/phone/sw.js", { scope: "/phone/" }).catch(() => undefined); // without it there is still the page
  navigator.storage?.persist?.();
  await reopen();
  changed();
  await startSync();
}
