// Times as the wall clock of the project shows them.
const zone = document.documentElement.dataset.zone || "Asia/Shanghai";
const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const date = new Intl.DateTimeFormat("zh-CN", { timeZone: zone, month: "2-digit", day: "2-digit" });

/** 18:16 @param {string | number} at */
export const time = (at) => clock.format(new Date(at));

/** 11-21 @param {string | number} at */
const day = (at) => date.format(new Date(at)).replace("/", "-");

/** 18:16, or 11-22 18:16 when it is another day. @param {string | number} at */
export function dayAndTime(at) {
  return day(at) === day(Date.now()) ? time(at) : `${day(at)} ${time(at)}`;
}

/** 还有 21 分 · 超时 5 分 @param {string} due */
export function remaining(due) {
  const minutes = Math.floor(Math.abs(Date.parse(due) - Date.now()) / 60_000);
  const length = minutes >= 1440 ? `${Math.floor(minutes / 1440)} 天` : minutes >= 60 ? `${Math.floor(minutes / 60)} 时 ${minutes % 60} 分` : `${minutes} 分`;
  return Date.parse(due) < Date.now() ? `超时 ${length}` : `还有 ${length}`;
}

/** "2026-11-21" and "18:00" of the project, as a moment. @param {string} local as a datetime-local field gives it */
export function moment(local) {
  const asUtc = Date.parse(`${local}:00Z`);
  return new Date(asUtc - offset(asUtc)).toISOString();
}

/** @param {number} at */
function offset(at) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).formatToParts(at);
  const [d, mo, y, ho, mi] = ["day", "month", "year", "hour", "minute"].map((type) => +(parts.find((part) => part.type === type)?.value ?? 0));
  return Date.UTC(y, mo - 1, d, ho, mi) - Math.floor(at / 60_000) * 60_000;
}

/** What a datetime-local field shows. @param {number} at */
export function forField(at) {
  return new Date(at + offset(at)).toISOString().slice(0, 16);
}
