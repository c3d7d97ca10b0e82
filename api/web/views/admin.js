// Administration: people, stages, fields, rules, tokens, integrations, usage. Who may not change sees.

import { append, fill, h, icon } from "../lib/dom.js";
import { change, create, remove } from "../lib/change.js";
import { forgetKinds } from "../lib/kinds.js";
import { call, download, get, getAll, post, upload } from "../lib/http.js";
import { money, moment, number } from "../lib/format.js";
import { ask, attempt, empty, heading, toast, user, waiting } from "../lib/shell.js";
import { choice, t } from "../lib/words.js";
import { roles } from "./roles.js";
import { rules } from "./rules.js";

const PARTS = ["users", "roles", "stages", "fields", "rules", "tokens", "integrations", "usage", "files"];
const ROLES = ["rep", "manager", "support", "marketer", "admin"];
const KINDS = ["account", "contact", "lead", "deal", "interaction", "task", "ticket", "product"];
const isAdmin = () => user().role === "admin";

/** Draws a part of the administration. */
export async function showAdmin(main, { part = "users" }) {
  const shown = PARTS.filter((name) => isAdmin() || !["roles", "integrations", "usage"].includes(name));
  if (!shown.includes(part)) return;
  const body = h("div.stack", waiting());
  fill(main, heading(t("nav.admin")),
    h("nav.tab-row", { ariaLabel: t("nav.admin") }, shown.map((name) => h("a", { href: `/admin/${name}`, ariaCurrent: name === part ? "page" : null }, t(`admin.${name}`)))),
    body);
  await attempt(() => DRAWN[part](body));
}

async function users(body) {
  const { items, names } = await getAll("/v1/users");
  const row = (each) => [
    [h("strong", each.name), h("div.muted.small", each.fields.email)], choice(each.fields.role), names[each.fields.team] ?? "", names[each.fields.manager] ?? "", each.fields.timezone,
    h("span", each.fields.is_active ? "" : h("span.flag.bad", t("admin.inactive"))),
    isAdmin() || each.id === user().id ? h("div.row-tools",
      isAdmin() ? h("button.quiet.small", { onclick: () => editUser(body, each) }, t("record.edit")) : null,
      h("button.quiet.small", { onclick: () => setPassword(each) }, t("admin.password"))) : "",
  ];
  fill(body,
    isAdmin() ? h("div.list-tools", h("button", { onclick: () => editUser(body, null) }, icon("plus"), t("admin.newUser"))) : null,
    grid([t("field.name"), t("field.role"), t("field.team"), t("field.manager"), t("field.timezone"), "", ""], items.map(row)));
}

async function editUser(body, person) {
  const teams = await getAll("/v1/teams");
  const field = (name, attributes = {}) => h("label", t(`field.${name}`), h("input", { name, value: person?.fields[name] ?? "", required: true, ...attributes }));
  const form = await ask(person ? person.name : t("admin.newUser"), h("div.form-grid",
    field("name"), field("email", { type: "email" }), field("timezone", { placeholder: "Europe/Berlin", value: person?.fields.timezone ?? "UTC" }),
    h("label", t("field.role"), select("role", ROLES.map((each) => [each, choice(each)]), person?.fields.role)),
    h("label", t("field.locale"), select("locale", [["en", "English"], ["zh", "中文"]], person?.fields.locale?.slice(0, 2))),
    h("label", t("field.team"), select("team", [["", "—"], ...teams.items.map((each) => [each.id, each.name])], person?.fields.team)),
    h("label", t("admin.active"), select("is_active", [["true", t("yes")], ["false", t("no")]], String(person?.fields.is_active ?? true)))),
  [{ label: t("cancel"), value: null }, { label: t("save"), kind: "primary", type: "submit" }]);
  if (!form) return;
  const values = { ...Object.fromEntries(form), team: form.get("team") || null, is_active: form.get("is_active") === "true" };
  if (person) {
    const changed = Object.fromEntries(Object.entries(values).filter(([name, value]) => (person.fields[name] ?? null) !== value));
    await change("/v1/users", person, changed, { onUndo: () => users(body) });
  } else await create("/v1/users", values);
  await users(body);
}

async function setPassword(person) {
  const form = await ask(t("admin.passwordOf", { name: person.name }),
    h("label", t("signIn.password"), h("input", { type: "password", name: "password", minLength: 10, required: true, autocomplete: "new-password" })),
    [{ label: t("cancel"), value: null }, { label: t("save"), kind: "primary", type: "submit" }]);
  if (!form) return;
  const done = await attempt(() => call("PUT", `/v1/users/${person.id}/password`, { body: { password: form.get("password") } }));
  if (done) toast(t("admin.passwordSet"));
}

async function stages(body) {
  const { items } = await getAll("/v1/stages", { sort: "order" });
  const edit = async (stage) => {
    const form = await ask(stage?.name ?? t("admin.newStage"), h("div.form-grid",
      h("label", t("field.name"), h("input", { name: "name", value: stage?.name ?? "", required: true })),
      h("label", t("field.order"), h("input", { name: "order", type: "number", value: stage?.fields.order ?? items.length + 1, required: true })),
      h("label", t("field.status"), select("status", ["open", "won", "lost"].map((each) => [each, choice(each)]), stage?.fields.status)),
      h("label", t("field.probability"), h("input", { name: "probability", type: "number", min: 0, max: 100, value: stage?.fields.probability ?? 10, required: true })),
      h("label", t("field.forecast_category"), select("forecast_category", ["pipeline", "best_case", "commit", "omitted", "closed"].map((each) => [each, choice(each)]), stage?.fields.forecast_category))),
    [{ label: t("cancel"), value: null }, { label: t("save"), kind: "primary", type: "submit" }]);
    if (!form) return;
    const values = { ...Object.fromEntries(form), order: Number(form.get("order")), probability: Number(form.get("probability")) };
    if (stage) await change("/v1/stages", stage, values, { onUndo: () => stages(body) });
    else await create("/v1/stages", values);
    await stages(body);
  };
  fill(body,
    isAdmin() ? h("div.list-tools", h("button", { onclick: () => edit(null) }, icon("plus"), t("admin.newStage"))) : null,
    grid([t("field.order"), t("field.name"), t("field.status"), t("field.probability"), t("field.forecast_category"), ""],
      items.map(({ fields, ...stage }) => [fields.order, h("strong", fields.name), choice(fields.status), `${fields.probability}%`, choice(fields.forecast_category),
        isAdmin() ? h("button.quiet.small", { onclick: () => edit({ ...stage, fields }) }, t("record.edit")) : ""])));
}

async function fields(body) {
  const { items } = await getAll("/v1/fields");
  const add = async () => {
    const form = await ask(t("admin.newField"), h("div.form-grid",
      h("label", t("admin.kind"), select("kind", KINDS.map((each) => [each, t(`kinds.${each}`)]), "deal")),
      h("label", t("field.name"), h("input", { name: "name", required: true, pattern: "[a-z][a-z0-9_]*", placeholder: "renewal_risk" })),
      h("label", t("field.type"), select("type", ["text", "long_text", "integer", "amount", "date", "boolean", "choice"].map((each) => [each, choice(each)]), "text")),
      h("label", t("admin.labelEn"), h("input", { name: "label_en", required: true })),
      h("label", t("admin.labelZh"), h("input", { name: "label_zh" })),
      h("label", t("admin.choices"), h("input", { name: "choices", placeholder: "low;high" })),
      h("fieldset", h("legend", t("admin.hidden")), ROLES.filter((each) => each !== "admin").map((each) => h("label.check", h("input", { type: "checkbox", name: "hidden", value: each }), choice(each))))),
    [{ label: t("cancel"), value: null }, { label: t("save"), kind: "primary", type: "submit" }]);
    if (!form) return;
    const { hidden: _, choices, ...values } = Object.fromEntries(form);
    const list = choices.split(";").map((each) => each.trim()).filter(Boolean);
    await create("/v1/fields", { ...values, choices: list, hidden_from: form.getAll("hidden") });
    forgetKinds();
    await fields(body);
  };
  const drop = async (each) => (await remove("/v1/fields", each)) && fields(body);
  fill(body,
    isAdmin() ? h("div.list-tools", h("button", { onclick: add }, icon("plus"), t("admin.newField"))) : null,
    items.length
      ? grid([t("admin.kind"), t("field.name"), t("field.type"), "English", "中文", t("admin.hidden"), ""], items.map((each) => [
        t(`kinds.${each.fields.kind}`), h("code", each.fields.name), choice(each.fields.type), each.fields.label_en, each.fields.label_zh, each.fields.hidden_from.map(choice).join(", "),
        isAdmin() ? h("button.quiet.small.danger", { onclick: () => drop(each) }, t("record.delete")) : ""]))
      : empty(t("admin.noFields")));
}

async function tokens(body) {
  const { items, scopes } = await get("/v1/tokens");
  const offered = Object.keys(scopes).filter((name) => name !== "admin" || isAdmin());
  const make = async () => {
    const form = await ask(t("admin.newToken"), [
      h("label", t("admin.tokenName"), h("input", { name: "name", required: true, maxLength: 100 })),
      h("label", t("admin.days"), h("input", { name: "days", type: "number", value: 90, min: 1, max: 3650 })),
      h("fieldset", h("legend", t("admin.scopes")), offered.map((name) => h("label.check", h("input", { type: "checkbox", name: "scopes", value: name, checked: name === "read" }), h("span", h("strong", name), " ", h("span.muted.small", t(`scope.${name}`)))))),
    ], [{ label: t("cancel"), value: null }, { label: t("admin.make"), kind: "primary", type: "submit" }]);
    if (!form) return;
    const made = await attempt(() => post("/v1/tokens", { name: form.get("name"), days: Number(form.get("days")), scopes: form.getAll("scopes") }));
    if (made) await showSecret(made.secret);
    await tokens(body);
  };
  const revoke = async (each) => (await attempt(() => call("DELETE", `/v1/tokens/${each.id}`))) && tokens(body);
  fill(body, h("p.muted", t("admin.tokensLead")),
    h("div.list-tools", h("button", { onclick: make }, icon("plus"), t("admin.newToken"))),
    items.length
      ? grid([t("field.name"), t("field.owner"), t("admin.scopes"), t("admin.lastUsed"), t("admin.until"), ""], items.map((each) => [
        h("span", h("strong", each.name), " ", h("code", `…${each.hint}`)), each.owner, h("span.chips", each.scopes.map((scope) => h("span.chip", scope))),
        each.last_used_at ? moment(each.last_used_at, user().timezone) : "—",
        each.revoked_at ? h("span.flag.bad", t("admin.revoked")) : moment(each.expires_at, user().timezone),
        each.revoked_at ? "" : h("button.quiet.small.danger", { onclick: () => revoke(each) }, t("admin.revoke"))]))
      : empty(t("admin.noTokens")));
}

const showSecret = (secret) => ask(t("admin.secret"), [h("p", t("admin.secretLead")), h("p.secret", secret)], [{ label: t("close"), kind: "primary", value: true }]);

async function integrations(body) {
  const [overview, hooks] = await Promise.all([get("/v1/admin/overview"), get("/v1/hooks")]);
  const again = () => integrations(body);
  const addTarget = async () => {
    const form = await ask(t("admin.newTarget"), [
      h("label", t("admin.url"), h("input", { name: "url", type: "url", required: true, placeholder: "https://" })),
      h("label", t("admin.topics"), h("input", { name: "topics", required: true, value: "deal.*, lead.*" }))],
    [{ label: t("cancel"), value: null }, { label: t("save"), kind: "primary", type: "submit" }]);
    if (!form) return;
    const topics = form.get("topics").split(/[,\s]+/).filter(Boolean);
    const made = await attempt(() => post("/v1/hooks/targets", { url: form.get("url"), topics }));
    if (made) await showSecret(made.secret);
    await again();
  };
  const addSource = async () => {
    const form = await ask(t("admin.newSource"), [
      h("label", t("field.name"), h("input", { name: "name", required: true })),
      h("label", t("field.region"), h("input", { name: "region" }))],
    [{ label: t("cancel"), value: null }, { label: t("save"), kind: "primary", type: "submit" }]);
    if (!form) return;
    const made = await attempt(() => post("/v1/hooks/sources", Object.fromEntries(form)));
    if (made) await showSecret(`${location.origin}${made.path}\n${made.secret}`);
    await again();
  };
  const drop = async (id) => (await attempt(() => call("DELETE", `/v1/hooks/${id}`))) && again();
  const fact = (name, value) => h("div.field", h("dt", name), h("dd", value || "—"));
  fill(body,
    h("section.card.panel", h("h2", t("admin.setup")), h("dl", fact(t("admin.model"), builtIn(overview.model)), fact(t("admin.fallback"), builtIn(overview.model_fallback)),
      fact(t("admin.asks"), overview.asks.every_change ? t("admin.asksAll") : t("admin.asksSome", { percent: overview.asks.amount_percent, over: money(overview.asks.amount_over, overview.currency) })),
      fact(t("admin.sso"), overview.integrations.single_sign_on), fact(t("admin.memory"), builtIn(overview.integrations.memory)),
      ["slack", "email", "voice"].map((name) => fact(t(`admin.${name}`), t(overview.integrations[name] ? "admin.isSetUp" : "admin.notSetUp"))),
      fact(t("admin.assistants"), h("code", location.origin + overview.integrations.mcp)))),
    h("section.card.panel", h("h2", t("admin.targets")), h("div", h("button", { onclick: addTarget }, icon("plus"), t("admin.newTarget"))),
      hooks.targets.length ? h("ul.lines", hooks.targets.map((each) => h("li", h("div", h("strong", each.url), h("div.muted.small", each.topics.join(", "))),
        h(`span.flag.${each.failures ? "bad" : "good"}`, each.last_result || t("admin.ready")), h("button.quiet.small.danger", { onclick: () => drop(each.id) }, t("record.delete"))))) : h("p.muted", t("admin.noTargets"))),
    h("section.card.panel", h("h2", t("admin.sources")), h("div", h("button", { onclick: addSource }, icon("plus"), t("admin.newSource"))),
      hooks.sources.length ? h("ul.lines", hooks.sources.map((each) => h("li", h("div", h("strong", each.name), h("div.small", h("code", each.path))), h("button.quiet.small.danger", { onclick: () => drop(each.id) }, t("record.delete"))))) : h("p.muted", t("admin.noSources"))));
}

/** What comes with Dealhand, in words; anything else by its own name. */
const builtIn = (name) => (["builtin", "bundled"].includes(name) ? t("admin.builtIn") : name);

async function usage(body) {
  const { items, days } = await get("/v1/admin/usage");
  fill(body, h("p.muted", t("admin.usageLead", { n: days })),
    items.length ? grid([t("admin.person"), t("admin.channel"), t("admin.turns"), t("admin.calls"), t("admin.promptTokens")],
      items.map((each) => [each.person, choice(each.channel || "terminal"), number(each.turns), number(each.model_calls), number(each.prompt_tokens)])) : empty(t("admin.noUsage")));
}

async function files(body) {
  const report = h("div.stack");
  const input = h("input", { type: "file", accept: ".csv,.xlsx,.zip", name: "file", ariaLabel: t("admin.file") });
  const send = async () => {
    if (!input.files.length) return;
    fill(report, h("p.muted", t("loading")));
    const found = await attempt(() => upload("/v1/import", input.files[0]));
    fill(report, found ? importReport(found) : null);
  };
  fill(body,
    h("section.card.panel", h("h2", t("admin.export")), h("p.muted", t("admin.exportLead")), h("div", h("button", { onclick: () => attempt(() => download("/v1/export", "dealhand.zip")) }, t("admin.exportDo")))),
    h("section.card.panel", h("h2", t("admin.import")), h("p.muted", t("admin.importLead")), h("div.list-tools", input, h("button", { onclick: send }, t("admin.importDo"))), report));
}

function importReport(found) {
  const counts = ["read", "created", "updated", "unchanged", "rejected"];
  return [
    grid([t("admin.fileName"), ...counts.map((name) => t(`admin.count.${name}`))], found.files.map((each) => [each.file, ...counts.map((name) => number(each[name]))])),
    found.rejections.length ? h("ul.lines", found.rejections.slice(0, 50).map((each) => h("li", h("div", h("code", [each.file, each.line || "", each.column].filter(Boolean).join(":")), " ", each.reason)))) : null,
    found.unknown_files.length ? h("p.note", t("admin.unknownFiles", { names: found.unknown_files.join(", ") })) : null,
  ];
}

function grid(columns, rows) {
  return h("div.scroll", { tabIndex: 0, role: "region", ariaLabel: t("table") },
    h("table", h("thead", h("tr", columns.map((name) => h("th", { scope: "col" }, name || h("span.for-readers", t("admin.tools")))))), append(h("tbody"), rows.map((row) => h("tr", row.map((each) => h("td", each)))))));
}

function select(name, options, value) {
  return h("select", { name }, options.map(([key, label]) => h("option", { value: key, selected: key === value }, label)));
}

const DRAWN = { users, roles, stages, fields, rules, tokens, integrations, usage, files };
