// Rules that the company makes itself: a filter over open deals, put together condition by condition.

import { fill, h, icon } from "../lib/dom.js";
import { act } from "../lib/change.js";
import { call, get, getAll } from "../lib/http.js";
import { capital } from "../lib/format.js";
import { ask, attempt, user } from "../lib/shell.js";
import { t } from "../lib/words.js";

const PATH = "/v1/own-rules";
const BARE = ["is_empty", "not_empty"];
const ORDERED = [">", ">=", "<", "<=", "=", ...BARE];
const SIGNS = { text: ["has", "=", "!=", ...BARE], long_text: ["has", ...BARE], list: ["has", ...BARE], boolean: ["="], choice: ["=", "!=", ...BARE], ref: ["=", "!=", ...BARE], refs: ["=", "!=", ...BARE] };
const DAYS = ["date", "datetime"];
const CHOSEN = { stage: "stages", user: "users", team: "teams" };

/** The panel with the company's own rules; `again` draws everything anew. */
export function ownRules({ made, fields }, again) {
  const isAdmin = user().role === "admin";
  return h("section.card.panel", h("h2", t("rules.own")), h("p.muted", t("rules.ownLead")),
    isAdmin ? h("div", h("button", { onclick: () => edit(null, fields, again) }, icon("plus"), t("rules.new"))) : null,
    made.length ? h("ul.lines", made.map((rule) => line(rule, fields, again, isAdmin))) : h("p.muted", t("rules.none")));
}

function line(rule, fields, again, isAdmin) {
  const state = isAdmin
    ? h("label.check", h("input", { type: "checkbox", role: "switch", checked: rule.is_on, ariaLabel: t("admin.switch", { rule: rule.title }), onchange: (event) => send(rule, { is_on: event.target.checked }, again) }), t(rule.is_on ? "admin.on" : "admin.off"))
    : h(`span.flag${rule.is_on ? ".good" : ""}`, t(rule.is_on ? "admin.on" : "admin.off"));
  return h("li.setting",
    h("div", h("strong", capital(rule.title)), h("div.muted.small", rule.fix),
      rule.is_readable ? h("div.chips", rule.conditions.map((each) => h("span.chip", each))) : isAdmin ? h("span.flag.bad", t("rules.unreadable")) : null),
    isAdmin ? h("div.row-tools",
      h("button.quiet.small", { ariaLabel: t("rules.editNamed", { rule: rule.title }), onclick: () => edit(rule, fields, again) }, t("record.edit")),
      h("button.quiet.small.danger", { ariaLabel: t("rules.deleteNamed", { rule: rule.title }), onclick: () => send(rule, null, again) }, t("record.delete"))) : null,
    state);
}

/** Changes a rule, or with null deletes it, in the version that stands now. */
async function send(rule, values, again) {
  const found = await attempt(() => call("GET", `${PATH}/${rule.id}`));
  if (found) {
    const headers = { "If-Match": `"${found.data.version}"` };
    await act(values ? "PATCH" : "DELETE", `${PATH}/${rule.id}`, values ?? undefined, { name: capital(rule.title), onUndo: again, headers });
  }
  await again();
}

async function edit(rule, fields, again) {
  const kept = rule ? await attempt(() => get(`${PATH}/${rule.id}`)) : null;
  if (rule && !kept) return;
  const raw = kept?.fields.conditions ?? [];
  const builder = new Builder(fields, raw.map((text, place) => ({ text, words: rule.conditions[place] ?? text })));
  await builder.start();
  const form = await ask(rule ? capital(rule.title) : t("rules.new"), [
    h("label", t("rules.name"), h("input", { name: "name", value: rule?.title ?? "", required: true, maxLength: 80, autofocus: true })),
    builder.box,
    h("label", t("rules.fix"), h("input", { name: "fix", value: rule?.fix ?? "", required: true, maxLength: 200 }))],
  [{ label: t("cancel"), value: null }, { label: t("save"), kind: "primary", type: "submit" }]);
  if (!form) return;
  const values = { name: form.get("name").trim(), fix: form.get("fix").trim(), conditions: builder.texts() };
  if (rule) await send(rule, values, again);
  else {
    await act("POST", PATH, values, { name: capital(values.name), onUndo: again });
    await again();
  }
}

class Builder {
  constructor(fields, conditions) {
    Object.assign(this, { fields, conditions });
    this.names = {};
  }

  async start() {
    await Promise.all(Object.entries(CHOSEN).map(async ([kind, path]) => (this.names[kind] = (await getAll(`/v1/${path}`)).items)));
    this.list = h("ul.lines");
    this.told = h("p.small", { role: "status" });
    this.field = h("select", { ariaLabel: t("rules.field"), onchange: () => this.drawSign() }, this.fields.map((each) => h("option", { value: each.name }, capital(each.label))));
    this.field.value = "amount";
    this.sign = h("select", { ariaLabel: t("rules.sign"), onchange: () => this.drawValue() });
    this.holder = h("div");
    this.box = h("fieldset", h("legend", t("rules.conditions")), this.list,
      h("div.builder", this.field, this.sign, this.holder, h("button", { type: "button", onclick: () => this.add() }, icon("plus"), t("rules.add"))), this.told);
    this.drawSign();
    this.drawList();
    if (this.conditions.length) await this.count(this.texts());
  }

  get chosen() {
    return this.fields.find((each) => each.name === this.field.value);
  }

  drawSign() {
    const { type } = this.chosen;
    fill(this.sign, (SIGNS[type] ?? ORDERED).map((each) => h("option", { value: each }, signWords(type, each))));
    this.drawValue();
  }

  drawValue() {
    const { type, ref, choices } = this.chosen;
    const pick = (options) => h("select", { ariaLabel: t("rules.value") }, options.map(([value, label]) => h("option", { value }, capital(label))));
    this.value = null;
    if (choices.length) this.value = pick(choices.map((each) => [each.value, each.label]));
    else if (type === "boolean") this.value = pick([["yes", t("yes")], ["no", t("no")]]);
    else if (this.names[ref]) this.value = pick(this.names[ref].map((each) => [each.name, each.name]));
    else {
      const placeholder = DAYS.includes(type) ? t("rules.dayHint") : type === "amount" ? "100k" : "";
      const onkeydown = (event) => event.key === "Enter" && (event.preventDefault(), this.add());
      this.value = h("input", { ariaLabel: t("rules.value"), placeholder, maxLength: 200, inputMode: type === "integer" ? "numeric" : "text", onkeydown });
    }
    fill(this.holder, BARE.includes(this.sign.value) ? null : this.value);
  }

  drawList() {
    this.field.setCustomValidity(this.conditions.length ? "" : t("rules.needsOne"));
    fill(this.list, this.conditions.map((each) => h("li", h("div", each.words),
      h("button.quiet.small", { type: "button", ariaLabel: t("rules.drop", { condition: each.words }), onclick: () => this.drop(each) }, icon("close")))));
  }

  texts() {
    return this.conditions.map((each) => each.text);
  }

  async add() {
    const sign = this.sign.value;
    const value = BARE.includes(sign) ? "" : this.value.value.trim();
    if (!value && !BARE.includes(sign)) return this.value.focus();
    const { name, label, type } = this.chosen;
    const shown = this.value.selectedOptions?.[0]?.textContent ?? value;
    const made = { text: `${name} ${sign} ${value}`.trim(), words: [capital(label), signWords(type, sign), BARE.includes(sign) ? "" : shown].filter(Boolean).join(" ") };
    if (!(await this.count([...this.texts(), made.text]))) return;
    this.conditions = [...this.conditions, made];
    if (this.value.tagName === "INPUT") this.value.value = "";
    this.drawList();
  }

  async drop(condition) {
    this.conditions = this.conditions.filter((each) => each !== condition);
    this.drawList();
    this.told.textContent = "";
    if (this.conditions.length) await this.count(this.texts());
  }

  /** Tells on how many open deals these fire now; says whether they can be read. */
  async count(filter) {
    try {
      const { total } = await get("/v1/deals", { filter: [...filter, "status = open"], count: true, limit: 1 });
      this.told.className = "small muted";
      this.told.textContent = t("rules.fires", { n: total });
      return true;
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      this.told.className = "small form-error";
      this.told.textContent = problem.message;
      return false;
    }
  }
}

const signWords = (type, sign) => t(`rules.sign.${DAYS.includes(type) && !BARE.includes(sign) ? "day." : ""}${sign}`);
