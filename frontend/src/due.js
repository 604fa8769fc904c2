// Keeps due badges and clocks current without asking the server; the words are those of shouwen/web/words.py.
import { local, now } from "./clock.js";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/**
 * 42 分 · 2 时 10 分 · 3 天 4 时
 * @param {number} length milliseconds
 */
export function span(length) {
  const minutes = Math.floor(Math.abs(length) / MINUTE);
  if (minutes === 0) return "不到 1 分";
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60) % 24;
  /** @type {[number, string][]} */
  const pairs = days ? [[days, "天"], [hours, "时"]] : [[hours, "时"], [minutes % 60, "分"]];
  return pairs.filter(([number]) => number).map(([number, unit]) => `${number} ${unit}`).join(" ");
}

/**
 * @param {number} due
 * @param {number} at
 */
function nearDay(due, at) {
  const midnight = local(due).time === "00:00";
  const [then, today] = [local(midnight ? due - MINUTE : due), local(at)];
  const time = midnight ? "24:00" : then.time;
  const ahead = then.serial - today.serial;
  if (ahead === 0 || ahead === 1) return `${ahead ? "明天" : "今天"} ${time}`;
  const weekday = "日一二三四五六"[new Date(then.serial * DAY).getUTCDay()];
  return `${then.year === today.year ? "" : `${then.year}-`}${then.date} 周${weekday}`;
}

/**
 * @param {number} due
 * @param {number} at
 */
function hourOrDay(due, at) {
  const [then, today] = [local(due), local(at)];
  if (due - at < DAY) return then.time;
  return `${then.year === today.year ? "" : `${then.year}-`}${then.date} ${then.time}`;
}

/**
 * The words and the tone of a due time that still runs.
 * @param {number} due
 * @param {number} soon
 * @param {number} at
 */
export function running(due, soon, at) {
  if (at > due) return { words: `超时 ${span(at - due)}`, tone: "late" };
  if (at >= soon) return { words: `剩 ${span(due - at)} · ${hourOrDay(due, at)}`, tone: "warn" };
  return { words: nearDay(due, at), tone: "neutral" };
}

function tick() {
  const at = now();
  for (const badge of document.querySelectorAll("[data-due]")) {
    const { due = "", soon = "" } = /** @type {HTMLElement} */ (badge).dataset;
    const { words, tone } = running(Date.parse(due), Date.parse(soon), at);
    if (badge.textContent === words) continue;
    badge.textContent = words;
    badge.className = `chip chip-${tone} due`;
  }
}

function showClocks() {
  const { time, second } = local(now());
  for (const clock of document.querySelectorAll("[data-clock]")) clock.textContent = `${time}:${second}`;
}

export function startDue() {
  setInterval(tick, 30_000);
  setInterval(showClocks, 1_000);
  showClocks();
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
}
