// One record: its facts (changed in place), what happened, what to do next, and what belongs to it.

import { append, fill, h, icon } from "../lib/dom.js";
import { change, remove } from "../lib/change.js";
import { call, get, getAll, post } from "../lib/http.js";
import { capital, day, moment, money } from "../lib/format.js";
import { go } from "../lib/router.js";
import { ask, attempt, empty, heading, user, waiting } from "../lib/shell.js";
import { choiceOf, fieldOf, labelOf } from "../lib/kinds.js";
import { choice, t } from "../lib/words.js";
import { markdown } from "../parts/markdown.js";
import { part, recordLink } from "../parts/render.js";
import { cell } from "./list.js";

const WITH_SHEET = ["accounts", "contacts", "deals", "leads", "tickets"];
const UNSHOWN = ["name", "currency", "created_by", "forecast_override", "external_id", "body", "summary", "subject"];
/** Draws a record. */
export async function showRecord(main, { path, id }) {
  const view = new RecordView(main, path, id);
  await view.load();
}

class RecordView {
  constructor(main, path, id) {
    Object.assign(this, { main, path, id });
  }

  async load() {
    this.record = (await call("GET", `/v1/${this.path}/${this.id}`)).data;
    this.names = this.record.names;
    const left = h("div.stack", WITH_SHEET.includes(this.path) ? waiting() : null);
    const right = h("div.stack");
    const above = this.path === "deals" ? this.headline() : null;
    const isPlain = !WITH_SHEET.includes(this.path) && this.record.kind !== "interaction";
    fill(this.main, this.crumbs(), heading(this.title(), this.tools()), above, isPlain ? h("div.stack.narrow", right) : h("div.split", left, right));
    append(right, [this.facts()]);
    if (this.record.kind === "interaction") append(left, [this.words()]);
    if (!WITH_SHEET.includes(this.path)) return;
    const remembers = ["accounts", "deals", "contacts"].includes(this.path);
    const [advice, timeline, sheet, facts] = await Promise.all([
      this.path === "deals" ? attempt(() => get(`/v1/deals/${this.id}/advice`)) : null,
      attempt(() => get(`/v1/${this.path}/${this.id}/timeline`)),
      attempt(() => get(`/v1/${this.path}/${this.id}/sheet`)),
      remembers ? attempt(() => get(`/v1/${this.path}/${this.id}/facts`)) : null,
    ]);
    left.replaceChildren();
    if (advice) append(left, [this.advice(advice)]);
    if (timeline) append(left, [this.timeline(timeline.items)]);
    if (sheet) append(right, [...sheet.sections.filter((each) => each.name !== "interactions").map((each) => this.section(each))]);
    if (remembers) right.prepend(this.memory((facts?.items ?? []).filter((each) => !each.until)));
  }

  title() {
    const { fields, name } = this.record;
    return this.record.kind === "ticket" ? `${name} ${fields.subject}` : name;
  }

  crumbs() {
    const account = this.record.fields.account;
    return h("nav.crumbs", { ariaLabel: t("record.where") },
      h("a", { href: `/records/${this.path}` }, t(`kinds.${this.record.kind}`)),
      this.names[account] ? ["·", h("a", { href: `/records/accounts/${account}` }, this.names[account])] : null);
  }

  tools() {
    const say = (key) => `/?say=${encodeURIComponent(t(key, { name: this.record.name }))}`;
    return [
      ["deals", "accounts", "contacts"].includes(this.path) ? h("a.button", { href: say("record.draftSay") }, t("record.draft")) : null,
      WITH_SHEET.includes(this.path) ? h("a.button", { href: say("record.briefSay") }, icon("chat"), t("record.brief")) : null,
      this.record.may_write ? h("button.quiet.danger", { onclick: () => this.delete() }, t("record.delete")) : null,
    ];
  }

  headline() {
    const { fields } = this.record;
    const late = fields.close_date && fields.close_date < user().today && !fields.closed_at;
    const entries = [
      "amount" in fields ? ["amount", money(fields.amount, fields.currency)] : null,
      ["stage", this.names[fields.stage] ?? "—"],
      ["close_date", h("span", day(fields.close_date, user().today), " ", late ? h("span.flag.late", t("record.late")) : null)],
      ["forecast_category", choiceOf("deal", "forecast_category", fields.forecast_category)],
      ["owner", this.names[fields.owner] ?? "—"],
    ];
    return h("dl.card.headline", entries.filter(Boolean).map(([name, value]) => h("div", h("dt", labelOf("deal", name)), h("dd", value))));
  }

  words() {
    const { fields } = this.record;
    return h("section.card.panel", h("h2", t("record.words")), fields.summary ? h("p.words", fields.summary) : null, fields.body ? h("p.words", fields.body) : null);
  }

  facts() {
    const names = Object.keys(this.record.fields).filter((name) => !UNSHOWN.includes(name));
    return h("section.card.panel", h("h2", t("record.facts")), h("dl.facts", names.map((name) => this.fact(name))));
  }

  fact(name) {
    const value = this.record.fields[name];
    const reference = typeof value === "string" && this.names[value];
    const kind = name === "account" || name === "deal" || name === "contact" ? name : name === "primary_contact" ? "contact" : null;
    const shown = reference && kind ? recordLink({ kind, id: value, name: reference }) : cell(this.record, name, this.names);
    const nothing = shown === "";
    const field = fieldOf(this.record.kind, name);
    const edit = this.record.may_write && editable(field)
      ? h("button.quiet.small", { onclick: () => this.edit(field), ariaLabel: t("record.editField", { field: field.label }) }, t("record.edit"))
      : null;
    return h("div.field", h("dt", labelOf(this.record.kind, name)), h(`dd${nothing ? ".none" : ""}`, h("span", nothing ? "—" : shown), edit));
  }

  async edit(field) {
    const form = await ask(`${this.record.name}: ${field.label}`, h("label", capital(field.label), await this.input(field)), [
      { label: t("cancel"), value: null },
      { label: t("save"), kind: "primary", type: "submit" },
    ]);
    if (form === null) return;
    const changed = await change(`/v1/${this.path}`, this.record, { [field.name]: typed(field, String(form.get("value") ?? "")) }, { onUndo: () => this.load() });
    if (changed) await this.load();
  }

  async input({ name, type, ref, choices, required }) {
    const value = this.record.fields[name] ?? "";
    const nothing = required ? [] : [["", "—"]];
    if (type === "choice") return pick([...nothing, ...choices.map((each) => [each.value, each.label])], value);
    if (type === "boolean") return pick([["true", t("yes")], ["false", t("no")]], String(value || false));
    if (type === "ref") {
      const { items } = await getAll(`/v1/${REFERENCES[ref].path}`, { sort: REFERENCES[ref].sort ?? "" });
      return pick([...nothing, ...items.map((each) => [each.id, each.name])], value);
    }
    const more = { date: { type: "date" }, integer: { type: "number" }, amount: { inputMode: "decimal", pattern: "-?[0-9]+([.][0-9]{1,2})?" } }[type] ?? { maxLength: 500 };
    if (type === "long_text") return h("textarea", { name: "value", value, rows: 5 });
    return h("input", { name: "value", value, autofocus: true, required, ...more });
  }

  async delete() {
    if (await remove(`/v1/${this.path}`, this.record)) go(`/records/${this.path}`);
  }

  advice({ findings, suggestions, experience }) {
    return h("section.card.panel", h("h2", t("record.next")),
      suggestions.slice(0, 3).map((each) => this.suggestion(each)),
      suggestions.length ? null : h("p.muted", t("record.nothingNext")),
      experience ? h("p.muted.small", experience) : null,
      findings.length ? h("details", h("summary", t("record.fix", { n: findings.length })),
        h("ul.lines", findings.map((each) => h("li", h("div", h("strong", each.title), h("div.small", each.evidence), h("div.small.muted", each.fix)),
          this.record.may_write ? h("a.button.small", { title: each.say, href: `/?say=${encodeURIComponent(each.say)}` }, t("today.do")) : null)))) : null);
  }

  suggestion(each) {
    const answer = async (word) => {
      const reply = await attempt(() => post(`/v1/deals/${this.id}/advice/${each.id}/${word}`));
      if (!reply) return;
      fill(box, ...(word === "accept" ? reply.parts.map((given) => part(given)) : [h("p.muted", t("record.dismissed"))]));
    };
    const box = h("div.suggestion",
      h("div.do", each.what),
      each.why ? h("div.muted.small", t("record.why"), " ", each.why) : null,
      h("div.row", each.evidence.filter((ref) => ref.id !== this.id).slice(0, 4).map((ref) => h("span.chip", recordLink(ref)))),
      h("div.row",
        each.accept ? h("button.small", { onclick: () => answer("accept") }, icon("check"), t("record.plan")) : null,
        h("button.quiet.small", { onclick: () => answer("dismiss") }, t("record.dismiss"))));
    return box;
  }

  timeline(items) {
    return h("section.card.panel", h("h2", t("record.timeline"), h("span.flag", String(items.length))),
      items.length ? h("ol.timeline", items.map((each) => (each.sort === "stage" ? stageEvent(each) : saidEvent(each)))) : empty(t("record.nothingYet")));
  }

  section({ label, lines }) {
    return h("section.card.panel", h("h2", capital(label), h("span.flag", String(lines.length))),
      lines.length ? h("ul.lines", lines.map((line) => h("li", h("div", line.record ? linked(line) : line.text)))) : h("p.muted", t("record.none")));
  }

  memory(facts) {
    const found = h("div.prose", { role: "status" });
    const input = h("input", { type: "search", name: "query", placeholder: t("record.recall"), ariaLabel: t("record.recall") });
    const kind = this.path === "deals" ? "deal" : "account";
    const id = this.path === "contacts" ? this.record.fields.account : this.id;
    const search = async (event) => {
      event.preventDefault();
      const answer = input.value.trim() ? await attempt(() => get("/v1/recall", { query: input.value.trim(), [kind]: id })) : null;
      fill(found, (answer?.parts ?? []).map((given) => markdown(given.text ?? "")));
    };
    return h("section.card.panel", h("h2", t("record.memory")), h("form.search-field", { onsubmit: search }, icon("search"), input), found,
      facts.length ? h("ul.lines.known", facts.slice(0, 12).map((each) => h(`li${each.until ? ".past" : ""}`,
        h("div", h("div.small.muted", capital(each.label)), h("div", each.text), h("div.small", recordLink({ ...each.record, name: `${each.record.name || t("record.source")}, ${day(each.since, user().today)}` })))))) : null);
  }
}

// What a reference is chosen from; longer lists are for the chat, which finds names.
const REFERENCES = { stage: { path: "stages", sort: "order" }, user: { path: "users" }, team: { path: "teams" } };

function editable(field) {
  if (!field || field.follows || ["refs", "list", "datetime"].includes(field.type)) return false;
  return field.type !== "ref" || field.ref in REFERENCES;
}

function typed({ type }, text) {
  const value = text.trim();
  if (type === "boolean") return value === "true";
  if (value === "") return null;
  return type === "integer" ? Number(value) : value;
}

function pick(options, value) {
  return h("select", { name: "value", autofocus: true }, options.map(([key, label]) => h("option", { value: key, selected: key === value }, label)));
}

function linked({ text, record }) {
  if (!text.includes(record.name)) return [text, " ", recordLink(record)];
  const [before, ...after] = text.split(record.name);
  return [before, recordLink(record), after.join(record.name)];
}

function stageEvent(event) {
  return h("li.stage", h("span.sign", icon("flag")),
    h("div", h("div", event.text ? [event.text, " → "] : null, h("strong", event.title)), h("div.when", [moment(event.at, user().timezone), event.by].filter(Boolean).join(" · "))));
}

function saidEvent(event) {
  const who = [event.by, ...event.people.map((each) => each.name)].filter(Boolean).join(", ");
  return h("li", h("span.sign", { title: choice(event.type) }, t(`sign.${event.type}`)),
    h("div", h("div", h("strong", event.title || choice(event.type))), event.text ? h("p.words", event.text) : null,
      h("div.when", [choice(event.type), event.direction ? choice(event.direction) : "", moment(event.at, user().timezone), who].filter(Boolean).join(" · "))));
}

