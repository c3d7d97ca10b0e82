// Lists of records of a kind: search, filters in words, pages.

import { append, fill, h, icon } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { day, moment, money } from "../lib/format.js";
import { attempt, empty, heading, user } from "../lib/shell.js";
import { choiceOf, fieldOf, labelOf } from "../lib/kinds.js";
import { t } from "../lib/words.js";
import { recordLink } from "../parts/render.js";

export const LISTS = {
  accounts: { kind: "account", columns: ["name", "industry", "segment", "country", "owner"], search: "name" },
  contacts: { kind: "contact", columns: ["name", "account", "title", "email", "phone"], search: "name" },
  deals: { kind: "deal", columns: ["name", "account", "stage", "amount", "close_date", "owner"], search: "name", sort: "close_date" },
  leads: { kind: "lead", columns: ["name", "company", "status", "source", "owner", "created_at"], search: "name", sort: "-created_at" },
  tasks: { kind: "task", columns: ["title", "due", "assignee", "deal", "priority", "status"], search: "title", sort: "due" },
  tickets: { kind: "ticket", columns: ["number", "subject", "account", "priority", "status", "opened_at"], search: "subject", sort: "-opened_at" },
  interactions: { kind: "interaction", columns: ["subject", "type", "occurred_at", "account", "deal", "owner"], search: "subject", sort: "-occurred_at" },
};

/** Draws the list of a kind. */
export async function showList(main, { path }, query) {
  const list = LISTS[path];
  if (!list) return;
  const body = h("tbody");
  const head = h("tr");
  const more = h("button", { hidden: true }, t("list.more"));
  const state = { cursor: "", text: query.get("q") ?? "", mine: query.get("mine") === "1" };
  const search = h("input", { type: "search", placeholder: t("list.search"), ariaLabel: t("list.search"), value: state.text });
  const count = h("span.muted");
  const none = empty(t("list.none"));
  const load = async (fresh) => {
    const filter = [];
    if (state.text) filter.push(`${list.search} has ${state.text}`);
    if (state.mine) filter.push(`${path === "tasks" || path === "tickets" ? "assignee" : "owner"} = me`);
    const page = await attempt(() => get(`/v1/${path}`, { filter, sort: list.sort, limit: 50, cursor: fresh ? "" : state.cursor, count: fresh || "" }));
    if (!page) return;
    if (fresh) body.replaceChildren();
    if (page.total !== undefined) count.textContent = t("list.count", { n: page.total });
    const shown = list.columns.filter((name) => !page.items.length || name in page.items[0].fields);
    fill(head, shown.map((name) => h("th", { scope: "col" }, labelOf(list.kind, name))));
    append(body, page.items.map((record) => h("tr", shown.map((name, place) => h("td", place ? cell(record, name, page.names) : recordLink(record))))));
    none.hidden = body.childElementCount > 0;
    state.cursor = page.next;
    more.hidden = !page.next;
  };
  let timer = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      state.text = search.value.trim();
      load(true);
    }, 250);
  });
  more.addEventListener("click", () => load(false));
  const mine = h("label.check", h("input", { type: "checkbox", checked: state.mine, onchange: (event) => ((state.mine = event.target.checked), load(true)) }), t("list.mine"));
  fill(main, heading(t(`kinds.${list.kind}`), count),
    h("nav.tab-row", { ariaLabel: t("list.kinds") }, Object.entries(LISTS).map(([name, each]) =>
      h("a", { href: `/records/${name}`, ariaCurrent: name === path ? "page" : null }, t(`kinds.${each.kind}`)))),
    h("div.list-tools", h("div.search-field", icon("search"), search), mine),
    h("div.scroll", { tabIndex: 0, role: "region", ariaLabel: t(`kinds.${list.kind}`) }, h("table", h("thead", head), body)), none,
    h("div.center", more));
  none.hidden = true;
  await load(true);
}

/** The value of a field as text. */
export function cell(record, name, names) {
  const value = record.fields[name];
  const field = fieldOf(record.kind, name);
  if (value === null || value === undefined || value === "") return "";
  switch (field?.type) {
    case "amount": return money(value, record.fields.currency);
    case "date": return day(value, user().today);
    case "datetime": return moment(value, user().timezone);
    case "choice": return choiceOf(record.kind, name, value);
    case "boolean": return t(value ? "yes" : "no");
    case "ref": return names[value] ?? "";
    case "refs": return value.map((each) => names[each]).filter(Boolean).join(", ");
    case "list": return value.join(", ");
    default: return String(value);
  }
}
