// Draws each chart from the table beside it: what is drawn and what can be read are the same. A bar leads where the
// number in its cell leads. Only on pages that have charts (their own file, for its size).
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

/**
 * @typedef {{ name: string, tone: string, as: string, cells: HTMLElement[] }} Series
 * @typedef {{ labels: string[], series: Series[], unit: string }} Read
 */

/** @param {string} name */
const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** @param {HTMLElement} box */
function table(box) {
  return /** @type {HTMLTableElement} */ (document.getElementById(box.dataset.table ?? ""));
}

/** The columns that are series, and the cells of each. @param {HTMLElement} box @returns {Read} */
function read(box) {
  const rows = [...table(box).tBodies[0].rows];
  const heads = /** @type {HTMLElement[]} */ ([...(table(box).tHead?.rows[0].cells ?? [])]);
  const series = heads.flatMap((head, at) => {
    if (!head.dataset.as) return [];
    const cells = rows.map((row) => /** @type {HTMLElement} */ (row.cells[at]));
    return [{ name: (head.textContent ?? "").trim(), tone: head.dataset.tone ?? "info", as: head.dataset.as, cells }];
  });
  return { labels: rows.map((row) => row.cells[0].dataset.name ?? ""), series, unit: box.dataset.unit ?? "" };
}

/** @param {HTMLElement} cell */
const value = (cell) => (cell.dataset.value ? Number(cell.dataset.value) : null);

/** @param {Series} series @param {string} kind */
function drawn(series, kind) {
  const colour = ink(`--${series.tone}-ink`);
  const dashed = series.as === "limit";
  return {
    name: series.name,
    type: /** @type {any} */ (kind === "line" ? "line" : "bar"),
    stack: kind === "stack" ? "all" : undefined,
    data: series.cells.map(value),
    color: colour,
    barMaxWidth: 28,
    symbol: dashed ? "none" : "circle",
    symbolSize: 8,
    lineStyle: { width: dashed ? 1.5 : 3, type: /** @type {any} */ (dashed ? "dashed" : "solid") },
    connectNulls: dashed,
    cursor: series.cells.some((cell) => cell.querySelector("a")) ? "pointer" : "default",
  };
}

/** Bars to the right: long names stand before them. @param {string | undefined} kind */
const isAcross = (kind) => kind === "across" || kind === "stack";

/** @param {HTMLElement} box @param {Read} told */
function options(box, told) {
  const kind = box.dataset.chart ?? "bars";
  const across = isAcross(kind);
  const names = { type: /** @type {any} */ ("category"), data: told.labels, inverse: across, axisTick: { show: false } };
  const values = {
    type: /** @type {any} */ ("value"),
    minInterval: told.unit ? 0 : 1,
    max: told.unit === "%" && kind !== "line" ? 100 : undefined,
    scale: kind === "line",
    axisLabel: { formatter: `{value}${told.unit}` },
    splitLine: { lineStyle: { color: ink("--rule") } },
  };
  return {
    animation: false,
    aria: { enabled: true, label: { description: box.dataset.label } },
    textStyle: { fontFamily: ink("--tblr-font-sans-serif"), fontSize: 14, color: ink("--ink-soft") },
    grid: { left: 8, right: 24, top: told.series.length > 1 ? 40 : 16, bottom: 8, containLabel: true },
    legend: told.series.length > 1 ? { top: 0, left: 0, icon: "roundRect", itemHeight: kind === "line" ? 4 : 14, textStyle: { fontSize: 14 } } : undefined,
    // The page allows no style attributes, so the tooltip is drawn, not built of elements.
    tooltip: {
      trigger: /** @type {any} */ ("axis"),
      renderMode: /** @type {any} */ ("richText"),
      confine: true,
      axisPointer: { type: /** @type {any} */ (kind === "line" ? "line" : "shadow") },
      valueFormatter: (/** @type {any} */ found) => (found === null || found === undefined ? "—" : `${found}${told.unit}`),
    },
    xAxis: across ? values : names,
    yAxis: across ? names : values,
    series: told.series.map((one) => drawn(one, kind)),
  };
}

/** @param {HTMLElement} box */
function draw(box) {
  const told = read(box);
  if (!told.labels.length || !told.series.length) return;
  box.hidden = false;
  if (isAcross(box.dataset.chart)) {
    box.style.height = `${56 + 34 * told.labels.length}px`;
  }
  const chart = init(box, null, { renderer: "svg" });
  chart.setOption(options(box, told));
  chart.on("click", (hit) => told.series[hit.seriesIndex ?? 0]?.cells[hit.dataIndex]?.querySelector("a")?.click());
  new ResizeObserver(() => chart.resize()).observe(box);
  addEventListener("beforeprint", () => chart.resize({ width: Math.min(box.clientWidth, 640) }));
  addEventListener("afterprint", () => chart.resize({ width: "auto" }));
}

for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-chart]"))) draw(box);

// On paper nothing can be opened any more.
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll(".chart-box details")) folded.setAttribute("open", "");
});
