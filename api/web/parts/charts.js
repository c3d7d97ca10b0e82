// Charts as SVG with a title, a description, and the numbers as a table for those who do not see them.

import { h, svg } from "../lib/dom.js";
import { number, shortMoney } from "../lib/format.js";
import { t } from "../lib/words.js";

const WIDTH = 640;

/** A chart part: bars, a line, a funnel or a waterfall. */
export function chart(given) {
  const draw = { bar: bars, line, funnel, waterfall }[given.shape] ?? bars;
  return frame(given.title, given.labels, given.series, given.unit, draw(given));
}

/** A probable range: low to high as a band, the likely value and marks such as the quota. */
export function range({ title, low, mid, high, marks, unit }) {
  const top = Math.max(high, ...marks.map((mark) => mark.value)) * 1.06 || 1;
  const x = (value) => 10 + (Math.max(0, value) / top) * (WIDTH - 20);
  const drawing = svg("svg", { viewBox: `0 0 ${WIDTH} 92`, class: "chart range", "aria-hidden": "true" },
    svg("rect", { x: 10, y: 40, width: WIDTH - 20, height: 10, rx: 5, class: "track" }),
    svg("rect", { x: x(low), y: 34, width: Math.max(4, x(high) - x(low)), height: 22, rx: 11, class: "band" }),
    svg("circle", { cx: x(mid), cy: 45, r: 8, class: "likely" }),
    marks.map((mark) => [
      svg("line", { x1: x(mark.value), x2: x(mark.value), y1: 28, y2: 62, class: `mark ${mark.name}` }),
      svg("text", { x: clamp(x(mark.value)), y: mark.above ? 22 : 78, class: "label", "text-anchor": "middle" }, `${mark.label} ${short(mark.value, "")}`),
    ]));
  const labels = [t("forecast.low"), t("forecast.likely"), t("forecast.high"), ...marks.map((mark) => mark.label)];
  return frame(title, labels, [{ name: title, values: [low, mid, high, ...marks.map((mark) => mark.value)] }], unit, drawing);
}

const clamp = (x) => Math.min(WIDTH - 60, Math.max(60, x));

function frame(title, labels, series, unit, drawing) {
  const rows = labels.map((label, place) =>
    h("tr", h("th", { scope: "row" }, label), series.map((each) => h("td", short(each.values[place] ?? 0, unit)))));
  return h("figure.chart-frame", h("figcaption", title), drawing,
    h("table.for-readers", h("caption", title), h("tbody", rows)));
}

function bars({ labels, series, unit }) {
  const top = Math.max(...series.flatMap((each) => each.values.map(Math.abs)), 0) || 1;
  const row = 34;
  const left = 168;
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${labels.length * row + 8}`, class: "chart", "aria-hidden": "true" },
    labels.map((label, place) => {
      const value = series[0].values[place] ?? 0;
      const width = Math.max(2, (Math.abs(value) / top) * (WIDTH - left - 110));
      const y = place * row + 6;
      return [
        svg("text", { x: left - 12, y: y + 16, class: "label", "text-anchor": "end" }, cut(label, 22)),
        svg("rect", { x: left, y, width, height: 22, rx: 5, class: value < 0 ? "bar down" : "bar" }),
        svg("text", { x: left + width + 8, y: y + 16, class: "value" }, short(value, unit)),
      ];
    }));
}

function funnel({ labels, series, unit }) {
  const values = series[0].values;
  const top = Math.max(...values, 0) || 1;
  const row = 46;
  const middle = WIDTH / 2 + 40;
  const half = (value) => Math.max(3, (value / top) * (WIDTH / 2 - 90));
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${labels.length * row}`, class: "chart", "aria-hidden": "true" },
    labels.map((label, place) => {
      const wide = half(values[place]);
      const next = half(values[place + 1] ?? values[place] * 0.9);
      const y = place * row;
      const points = [[middle - wide, y], [middle + wide, y], [middle + next, y + row - 4], [middle - next, y + row - 4]];
      return [
        svg("polygon", { points: points.map((point) => point.join(",")).join(" "), class: "bar", style: { opacity: 1 - place * 0.1 } }),
        svg("text", { x: 4, y: y + 26, class: "label" }, cut(label, 18)),
        svg("text", { x: middle, y: y + 26, class: "on-bar", "text-anchor": "middle" }, short(values[place], unit)),
      ];
    }));
}

function waterfall({ labels, series, unit }) {
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
  const width = (WIDTH - 10) / steps.length;
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, class: "chart", "aria-hidden": "true" },
    svg("line", { x1: 0, x2: WIDTH, y1: y(0), y2: y(0), class: "axis" }),
    steps.map((step, place) => {
      const x = 5 + place * width;
      const [high, low] = [Math.max(step.from, step.to), Math.min(step.from, step.to)];
      const kind = step.total ? "total" : step.value < 0 ? "down" : "up";
      return [
        svg("rect", { x: x + 6, y: y(high), width: width - 12, height: Math.max(2, y(low) - y(high)), rx: 3, class: `bar ${kind}` }),
        svg("text", { x: x + width / 2, y: y(high) - 6, class: "value", "text-anchor": "middle" }, short(step.value, "")),
        words(step.label, x + width / 2, height - 26),
        place < steps.length - 1 ? svg("line", { x1: x + width - 6, x2: x + width + 6, y1: y(step.to), y2: y(step.to), class: "axis" }) : null,
      ];
    }));
}

function line({ labels, series, unit }) {
  const height = 220;
  const values = series.flatMap((each) => each.values);
  const top = Math.max(...values, 0) * 1.1 || 1;
  const bottom = Math.min(...values, 0);
  const x = (place) => 46 + (place / Math.max(1, labels.length - 1)) * (WIDTH - 70);
  const y = (value) => 14 + (1 - (value - bottom) / (top - bottom)) * (height - 50);
  const every = Math.ceil(labels.length / 8);
  return svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, class: "chart", "aria-hidden": "true" },
    [0, 0.5, 1].map((share) => {
      const value = bottom + share * (top - bottom);
      return [svg("line", { x1: 46, x2: WIDTH - 20, y1: y(value), y2: y(value), class: "axis" }), svg("text", { x: 40, y: y(value) + 4, class: "label", "text-anchor": "end" }, short(value, ""))];
    }),
    series.map((each, place) => svg("polyline", { points: each.values.map((value, n) => `${x(n)},${y(value)}`).join(" "), class: `line line-${place}` })),
    series.map((each, place) => each.values.map((value, n) => svg("circle", { cx: x(n), cy: y(value), r: 3, class: `dot line-${place}` }, svg("title", `${labels[n]}: ${short(value, unit)}`)))),
    labels.map((label, place) => (place % every ? null : svg("text", { x: x(place), y: height - 12, class: "label", "text-anchor": "middle" }, cut(label, 9)))));
}

function words(text, x, y) {
  const parts = text.length > 11 && text.includes(" ") ? [text.slice(0, text.lastIndexOf(" ", 12) > 0 ? text.lastIndexOf(" ", 12) : text.indexOf(" ")), ""] : [text, ""];
  parts[1] = text.slice(parts[0].length).trim();
  return svg("text", { x, y, class: "label", "text-anchor": "middle" }, svg("tspan", { x }, cut(parts[0], 13)), parts[1] ? svg("tspan", { x, dy: 15 }, cut(parts[1], 13)) : null);
}

const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function short(value, unit) {
  if (unit === "%") return `${number(value, 1)}%`;
  if (unit === "days" || unit === "hours") return `${number(value, 1)} ${t(`unit.${unit}`)}`;
  if (unit && unit.length === 3) return shortMoney(value, unit);
  return Math.abs(value) >= 10_000 ? shortMoney(value) : number(value, 1);
}
