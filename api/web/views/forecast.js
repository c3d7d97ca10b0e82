// The forecast of a period: the probable range, the figures by owner, the waterfall, the funnel.

import { fill, h, icon } from "../lib/dom.js";
import { create, remove } from "../lib/change.js";
import { get } from "../lib/http.js";
import { capital, money, number } from "../lib/format.js";
import { ask, empty, heading, user } from "../lib/shell.js";
import { t } from "../lib/words.js";
import { chart, range } from "../parts/charts.js";
import { part } from "../parts/render.js";

const PERIODS = ["this quarter", "next quarter", "this month", "this year"];

/** Draws the forecast. */
export async function showForecast(main, _, query) {
  const period = query.get("period") ?? PERIODS[0];
  const scope = query.get("scope") ?? "";
  const asked = { period, scope };
  const [found, waterfall, funnel, conversion] = await Promise.all([
    get("/v1/forecast", asked),
    get("/v1/metrics/waterfall", asked).catch(() => null),
    get("/v1/metrics/pipeline_value", { scope, group_by: "stage" }).catch(() => null),
    get("/v1/metrics/stage_conversion", { scope }).catch(() => null),
  ]);
  fill(main, heading(t("nav.forecast"), chooser(period, scope)),
    h("div.stack",
      summary(found),
      h("div.split.even",
        h("div.stack", waterfallPanel(waterfall)),
        h("div.stack", funnelPanel(funnel, conversion))),
      owners(found),
      adjustments(found)));
}

function chooser(period, scope) {
  const reload = () => {
    const search = new URLSearchParams({ period: when.value, ...(whose.value ? { scope: whose.value } : {}) });
    history.pushState(null, "", `/forecast?${search}`);
    window.dispatchEvent(new PopStateEvent("popstate"));
  };
  const when = h("select", { ariaLabel: t("forecast.period"), onchange: reload },
    PERIODS.map((each) => h("option", { value: each, selected: each === period }, t(`forecast.${each}`))));
  const scopes = user().role === "rep" ? [""] : ["", "me"];
  const whose = h("select", { ariaLabel: t("board.whose"), onchange: reload },
    scopes.map((each) => h("option", { value: each, selected: each === scope }, each === "me" ? t("board.me") : t(user().role === "rep" ? "board.me" : "board.team"))));
  return scopes.length > 1 ? [when, whose] : [when];
}

function summary(found) {
  const { figures, currency } = found;
  const has = (name) => figures[name] !== null && figures[name] !== undefined;
  const tiles = ["closed", "commit", "best_case", "landing", "pipeline", "quota", "gap", "attainment", "coverage"].filter(has);
  const shown = (name) => (name === "attainment" ? `${number(figures[name] * 100, 1)}%` : name === "coverage" ? `${number(figures[name], 1)}×` : money(Math.round(figures[name]), currency));
  return h("section.card.panel", h("h2", capital(t("forecast.of", { whose: found.whose, period: found.period.words }))),
    found.range ? rangeChart(found) : h("p.muted", t("forecast.noRange")),
    h("dl.headline.flat", tiles.map((name) => h("div", h("dt", { title: t(`forecast.help.${name}`) }, t(`forecast.${name}`)), h("dd", shown(name))))));
}

function rangeChart({ range: probable, figures, currency }) {
  const marks = [{ name: "closed", label: t("forecast.closed"), value: Number(figures.closed), above: false }];
  if (figures.quota !== null) marks.push({ name: "quota", label: t("forecast.quota"), value: Number(figures.quota), above: true });
  const sentence = t("forecast.sentence", {
    low: money(Math.round(probable.low / 1000) * 1000, currency),
    high: money(Math.round(probable.high / 1000) * 1000, currency),
    mid: money(Math.round(probable.middle / 1000) * 1000, currency),
  });
  const chance = probable.chance_of_quota === null ? "" : t("forecast.chance", { n: Math.round(probable.chance_of_quota * 100) });
  return [
    h("p.figure-value", sentence),
    h("p.muted", [chance, t("forecast.basis", { n: probable.open_deals })].filter(Boolean).join(" ")),
    range({ title: t("forecast.range"), low: Number(probable.low), mid: Number(probable.middle), high: Number(probable.high), marks, unit: currency }),
  ];
}

function waterfallPanel(found) {
  const drawn = found?.parts.find((each) => each.type === "chart");
  const table = found?.parts.find((each) => each.type === "table");
  return h("section.card.panel", h("h2", t("forecast.waterfall")),
    drawn ? chart({ ...drawn, title: t("forecast.waterfallLead") }) : empty(t("forecast.nothing")),
    table ? h("details", h("summary", t("forecast.deals")), part(table)) : null);
}

function funnelPanel(found, conversion) {
  const drawn = found?.parts.find((each) => each.type === "chart");
  const table = conversion?.parts.find((each) => each.type === "table");
  return h("section.card.panel", h("h2", t("forecast.funnel")),
    drawn ? chart({ ...drawn, shape: "funnel", title: t("forecast.funnelLead") }) : empty(t("forecast.nothing")),
    table ? h("details", h("summary", t("forecast.conversion")), part(table)) : null);
}

function owners({ by_owner: rows, currency }) {
  if (rows.length < 2) return null;
  const columns = ["closed", "commit", "best_case", "landing", "pipeline", "quota", "attainment"].filter((name) => rows.some((row) => row[name] !== null));
  const shown = (row, name) => (row[name] === null ? "—" : name === "attainment" ? `${number(row[name] * 100, 1)}%` : money(Math.round(row[name]), ""));
  const ordered = [...rows].sort((one, other) => other.landing - one.landing);
  return h("section.card.panel", h("h2", t("forecast.byOwner"), h("span.flag", currency)),
    h("div.scroll", { tabIndex: 0, role: "region", ariaLabel: t("forecast.byOwner") }, h("table",
      h("thead", h("tr", h("th", { scope: "col" }, t("field.owner")), columns.map((name) => h("th.right", { scope: "col" }, t(`forecast.${name}`))))),
      h("tbody", ordered.map((row) => h("tr", h("td", row.name || "—"), columns.map((name) => h("td.right", shown(row, name)))))))));
}

function adjustments(found) {
  const may = ["manager", "admin"].includes(user().role);
  if (!may && !found.adjustments.length) return null;
  const again = () => window.dispatchEvent(new PopStateEvent("popstate"));
  const drop = async (each) => (await remove("/v1/forecast-adjustments", each)) && again();
  const row = (each) => h("li",
    h("div", h("strong", each.user), h("div.muted.small", t("forecast.adjustedBy", { reason: each.reason || "—", name: each.author || "—" }))),
    h("strong", money(each.amount, found.currency)),
    may ? h("button.quiet.small.danger", { onclick: () => drop(each) }, t("record.delete")) : null);
  return h("section.card.panel", h("h2", t("forecast.adjustments")), h("p.muted.small", t("forecast.adjustLead")),
    found.adjustments.length ? h("ul.lines", found.adjustments.map(row)) : h("p.muted", t("forecast.noAdjustments")),
    may ? h("div", h("button", { onclick: async () => (await adjust(found)) && again() }, icon("plus"), t("forecast.adjust"))) : null);
}

async function adjust({ by_owner: people, period, currency }) {
  const form = await ask(t("forecast.adjust"), h("div.form-grid",
    h("label", t("forecast.whose"), h("select", { name: "user" }, people.filter((each) => each.id).map((each) => h("option", { value: each.id }, each.name)))),
    h("label", t("forecast.adjustAmount", { currency }), h("input", { name: "amount", inputMode: "decimal", required: true, pattern: "-?[0-9]+([.][0-9]{1,2})?" })),
    h("label", t("forecast.adjustReason"), h("input", { name: "reason", maxLength: 300 }))),
  [{ label: t("cancel"), value: null }, { label: t("save"), kind: "primary", type: "submit" }]);
  return form && create("/v1/forecast-adjustments", { ...Object.fromEntries(form), period: period.label });
}
