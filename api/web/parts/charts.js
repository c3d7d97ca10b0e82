// Charts as SVG with a title, a description, and the numbers as a table for those who do not see them.

import { fill, h, svg } from "../lib/dom.js";
import { number, shortMoney } from "../lib/format.js";
import { t } from "../lib/words.js";

/** A chart part: bars, a line, a funnel or a waterfall. */
export function chart(given) {
  const draw = { bar: bars, line, funnel, waterfall }[given.shape] ?? bars;
  return frame(given.title, given.labels, given.series, given.unit, (width) => draw(given, width));
}

/** A probable range: low to high as a band, the likely value and marks such as the quota. */
export function range({ title, low, mid, high, marks, unit }) {
  const top = Math.max(high, ...marks.map((mark) => mark.value)) * 1.06 || 1;
  const draw = (width) => {
    const x = (value) => 10 + (Math.max(0, value) / top) * (width - 20);
    const within = (value) => Math.min(width - 60, Math.max(60, x(value)));
    return drawing(width, 92, "range",
      svg("rect", { x: 10, y: 41, width: width - 20, height: 8, rx: 4, class: "track" }),
      svg("rect", { x: x(low), y: 35, width: Math.max(6, x(high) - x(low)), height: 20, rx: 10, class: "band" }),
      svg("circle", { cx: x(mid), cy: 45, r: 7, class: "likely" }),
      marks.map((mark) => [
        svg("line", { x1: x(mark.value), x2: x(mark.value), y1: 27, y2: 63, class: `mark ${mark.name}` }),
        svg("text", { x: within(mark.value), y: mark.above ? 18 : 80, class: "label", "text-anchor": "middle" }, `${mark.label} ${short(mark.value, "")}`),
      ]));
  };
  const labels = [t("forecast.low"), t("forecast.likely"), t("forecast.high"), ...marks.map((mark) => mark.label)];
  return frame(title, labels, [{ name: title, values: [low, mid, high, ...marks.map((mark) => mark.value)] }], unit, draw);
}

/** The chart with its title and its numbers as a hidden table; drawn for the width there is, and again when that changes. */
function frame(title, labels, series, unit, draw) {
  const holder = h("div.chart-holder");
  let drawn = 0;
  new ResizeObserver(([entry]) => {
    const width = Math.min(1100, Math.round(entry.contentRect.width));
    if (width < 40 || width === drawn) return;
    drawn = width;
    fill(holder, draw(width));
  }).observe(holder);
  const rows = labels.map((label, place) =>
    h("tr", h("th", { scope: "row" }, label), series.map((each) => h("td", short(each.values[place] ?? 0, unit)))));
  return h("figure.chart-frame", h("figcaption", title), holder,
    h("div.for-readers", h("table", h("caption", title), h("tbody", rows))));
}

const drawing = (width, height, name, ...children) =>
  svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: `chart ${name}`, "aria-hidden": "true" }, children);

function bars({ labels, series, unit }, width) {
  const top = Math.max(...series.flatMap((each) => each.values.map(Math.abs)), 0) || 1;
  const left = Math.min(170, width * 0.3);
  const thick = series.length > 1 ? 12 : 20;
  const row = series.length * (thick + 3) + 14;
  const room = Math.max(20, width - left - 96);
  return drawing(width, labels.length * row + legendHeight(series), "bars",
    labels.map((label, place) => {
      const y = place * row + 4;
      return [
        svg("text", { x: left - 12, y: y + (series.length * (thick + 3)) / 2 + 4, class: "label", "text-anchor": "end" }, cut(label, Math.floor(left / 7.4))),
        series.map((each, number) => {
          const value = each.values[place] ?? 0;
          const wide = Math.max(2, (Math.abs(value) / top) * room);
          const down = y + number * (thick + 3);
          return [
            svg("rect", { x: left, y: down, width: wide, height: thick, rx: 4, class: `bar${value < 0 ? " down" : ""} bar-${number}` }),
            svg("text", { x: left + wide + 8, y: down + thick / 2 + 5, class: "value" }, short(value, unit)),
          ];
        }),
      ];
    }),
    legend(series, left, labels.length * row + 16));
}

const legendHeight = (series) => (series.length > 1 ? 28 : 4);

function legend(series, left, y) {
  if (series.length < 2) return null;
  let x = left;
  return series.map((each, number) => {
    const start = x;
    x += 34 + each.name.length * 7.6;
    return [svg("rect", { x: start, y: y - 9, width: 11, height: 11, rx: 3, class: `bar bar-${number}` }), svg("text", { x: start + 17, y, class: "label" }, each.name)];
  });
}

function funnel({ labels, series, unit }, width) {
  const values = series[0].values;
  const top = Math.max(...values, 0) || 1;
  const left = Math.min(130, width * 0.3);
  const room = Math.max(30, width - left - 96);
  const middle = left + room / 2;
  const row = 44;
  return drawing(width, labels.length * row, "funnel",
    labels.map((label, place) => {
      const wide = Math.max(4, (values[place] / top) * room);
      const y = place * row + 4;
      return [
        svg("text", { x: 0, y: y + 22, class: "label" }, cut(label, Math.floor(left / 7.6))),
        svg("rect", { x: middle - wide / 2, y, width: wide, height: row - 10, rx: 6, class: "bar", style: { opacity: 1 - place * 0.11 } }),
        svg("text", { x: width, y: y + 22, class: "value", "text-anchor": "end" }, short(values[place], unit)),
      ];
    }));
}

function waterfall({ labels, series }, width) {
  const values = series[0].values;
  const steps = [];
  let level = 0;
  values.forEach((value, place) => {
    const total = place === 0 || place === values.length - 1;
    const from = total ? 0 : level;
    level = total ? value : level + value;
    steps.push({ label: labels[place], value, from, to: level, total });
  });
  const top = Math.max(...steps.flatMap((step) => [step.from, step.to]), 1) * 1.12;
  const bottom = Math.min(0, ...steps.map((step) => step.to));
  const height = 240;
  const y = (value) => 16 + (1 - (value - bottom) / (top - bottom)) * (height - 60);
  const each = (width - 10) / steps.length;
  return drawing(width, height, "waterfall",
    svg("line", { x1: 0, x2: width, y1: y(0), y2: y(0), class: "axis" }),
    steps.map((step, place) => {
      const x = 5 + place * each;
      const [high, low] = [Math.max(step.from, step.to), Math.min(step.from, step.to)];
      const kind = step.total ? "total" : step.label === t("choice.won") ? "won" : step.value < 0 ? "down" : "up";
      const gap = Math.min(8, each * 0.12);
      return [
        svg("rect", { x: x + gap, y: y(high), width: each - 2 * gap, height: Math.max(2, y(low) - y(high)), rx: 4, class: `bar ${kind}` }),
        svg("text", { x: x + each / 2, y: y(high) - 7, class: "value", "text-anchor": "middle" }, short(step.value, "")),
        words(step.label, x + each / 2, height - 24, Math.floor(each / 7)),
        place < steps.length - 1 ? svg("line", { x1: x + each - gap, x2: x + each + gap, y1: y(step.to), y2: y(step.to), class: "axis" }) : null,
      ];
    }));
}

function line({ labels, series, unit }, width) {
  const height = 220;
  const values = series.flatMap((each) => each.values);
  const top = Math.max(...values, 0) * 1.1 || 1;
  const bottom = Math.min(...values, 0);
  const x = (place) => 46 + (place / Math.max(1, labels.length - 1)) * (width - 70);
  const y = (value) => 14 + (1 - (value - bottom) / (top - bottom)) * (height - 50);
  const every = Math.ceil(labels.length / Math.max(2, width / 80));
  return drawing(width, height, "lines",
    [0, 0.5, 1].map((share) => {
      const value = bottom + share * (top - bottom);
      return [svg("line", { x1: 46, x2: width - 20, y1: y(value), y2: y(value), class: "axis" }), svg("text", { x: 40, y: y(value) + 4, class: "label", "text-anchor": "end" }, short(value, ""))];
    }),
    series.map((each, place) => svg("polyline", { points: each.values.map((value, n) => `${x(n)},${y(value)}`).join(" "), class: `line line-${place}` })),
    series.map((each, place) => each.values.map((value, n) => svg("circle", { cx: x(n), cy: y(value), r: 3, class: `dot line-${place}` }, svg("title", `${labels[n]}: ${short(value, unit)}`)))),
    labels.map((label, place) => (place % every ? null : svg("text", { x: x(place), y: height - 12, class: "label", "text-anchor": "middle" }, cut(label, 9)))));
}

function words(text, x, y, most) {
  const at = text.length > most ? text.lastIndexOf(" ", most) : -1;
  const parts = at > 0 ? [text.slice(0, at), text.slice(at + 1)] : [text];
  return svg("text", { x, y, class: "label", "text-anchor": "middle" }, parts.map((part, place) => svg("tspan", { x, dy: place ? 15 : 0 }, cut(part, Math.max(4, most)))));
}

const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function short(value, unit) {
  if (unit === "%") return `${number(value, 1)}%`;
  if (unit === "days" || unit === "hours") return `${number(value, 1)} ${t(`unit.${unit}`)}`;
  if (unit && unit.length === 3) return shortMoney(value, unit);
  return Math.abs(value) >= 10_000 ? shortMoney(value) : number(value, 1);
}
