// The hygiene rules: which hold for the company and with which limits, and its own; admins set them, everyone sees them.

import { fill, h } from "../lib/dom.js";
import { act } from "../lib/change.js";
import { get } from "../lib/http.js";
import { capital } from "../lib/format.js";
import { ask, user } from "../lib/shell.js";
import { t } from "../lib/words.js";
import { ownRules } from "./own_rules.js";

/** Draws the rules into a part of the administration. */
export async function rules(body) {
  const found = await get("/v1/rules");
  const again = () => rules(body);
  fill(body, ownRules(found, again), h("section.card.panel", h("h2", t("rules.usual")), h("p.muted", t("admin.rulesLead")), h("ul.lines", found.items.map((each) => line(each, again)))));
}

function line(rule, again) {
  const isAdmin = user().role === "admin";
  const set = async (changes) => {
    await act("PATCH", `/v1/rules/${rule.id}`, changes, { name: capital(rule.title), onUndo: again });
    await again();
  };
  const state = isAdmin
    ? h("label.check", h("input", { type: "checkbox", role: "switch", checked: rule.is_on, ariaLabel: t("admin.switch", { rule: rule.title }), onchange: (event) => set({ is_on: event.target.checked }) }), t(rule.is_on ? "admin.on" : "admin.off"))
    : h(`span.flag${rule.is_on ? ".good" : ""}`, t(rule.is_on ? "admin.on" : "admin.off"));
  return h("li.setting",
    h("div", h("strong", capital(rule.title)), h("div.muted.small", rule.fix),
      rule.limits.length ? h("div.chips", rule.limits.map((each) => h("span.chip", `${capital(each.label)}: ${each.value}`))) : null),
    isAdmin && rule.limits.length ? h("button.quiet.small", { onclick: () => edit(rule, set) }, t("admin.setLimits")) : null,
    state);
}

async function edit(rule, set) {
  const form = await ask(t("admin.limitOf", { rule: capital(rule.title) }), h("div.form-grid", rule.limits.map((each) =>
    h("label", capital(each.label), h("input", { type: "number", name: each.name, value: each.value, min: 1, max: 3650, required: true }), h("span.muted.small", t("admin.usual", { n: each.usual }))))),
  [{ label: t("cancel"), value: null }, { label: t("save"), kind: "primary", type: "submit" }]);
  if (form) await set({ limits: Object.fromEntries([...form].map(([name, value]) => [name, Number(value)])) });
}
