// The server's time and zone: the clock of a front desk is often minutes wrong.
const root = document.documentElement;
const served = Date.parse(root.dataset.now ?? "");
const ahead = Number.isNaN(served) ? 0 : served - Date.now();
const zone = root.dataset.zone || "Asia/Shanghai";

const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

/** Milliseconds since 1970, by the server's clock. */
export function now() {
  return Date.now() + ahead;
}

/**
 * A moment as the wall clock of the project shows it.
 * @param {number} at
 */
export function local(at) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const part of parts.formatToParts(at)) found[part.type] = part.value;
  const { year, month, day, hour, minute, second } = found;
  return { year, date: `${month}-${day}`, time: `${hour}:${minute}`, second, serial: Date.UTC(+year, +month - 1, +day) / 86_400_000 };
}
