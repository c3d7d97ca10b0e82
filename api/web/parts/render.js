// Draws the parts of a reply. Buttons (yes, undo, which one) do what the same button does everywhere.

import { h, icon } from "../lib/dom.js";
import { capital } from "../lib/format.js";
import { post } from "../lib/http.js";
import { attempt, refreshWaiting, toast } from "../lib/shell.js";
import { t } from "../lib/words.js";
import { chart } from "./charts.js";
import { markdown } from "./markdown.js";

const RESOURCES = { account: "accounts", contact: "contacts", deal: "deals", lead: "leads", task: "tasks", ticket: "tickets", interaction: "interactions", product: "products", user: "users", draft: "drafts" };

/** A link to a record's page, or its name where it has none. */
export function recordLink({ kind, id, name }) {
  return RESOURCES[kind] ? h("a.record", { href: `/records/${RESOURCES[kind]}/${id}` }, name) : h("span", name);
}

/** One part. `talk` is what a conversation offers: say(text), conversation(), replied(reply, after). */
export function part(given, talk = {}) {
  const draw = DRAWN[given.type];
  return draw ? draw(given, talk) : h("p", given.text ?? "");
}

/** A change that was applied: before → after, with its undo. */
export function receipt(change, talk = {}, { card = true, planned = false, folded = false } = {}) {
  const verb = t(`change.${planned ? "will." : ""}${change.action}`, { kind: t(`kind.${change.record.kind}`) });
  const rows = change.fields.filter(({ field }) => field !== "external_id").map((field) =>
    h("div.field", h("dt", capital(field.label)), h("dd",
      change.action === "updated" && h("span.before", field.before),
      change.action === "updated" && h("span.arrow", { ariaLabel: t("becomes") }, "→"),
      h("span.after", field.after))));
  const box = h(`div.receipt.${change.action}${card ? ".card" : ""}`,
    h("div.receipt-head", planned ? null : h("span.tick", icon(change.action === "deleted" ? "close" : "check")), h("span", verb, " "), recordLink(change.record)),
    change.action !== "deleted" && rows.length ? ((folded || change.record.kind === "draft") && change.action === "created" ? h("details", h("summary", t("change.values", { n: rows.length })), h("dl", rows)) : h("dl", rows)) : null);
  if (change.undo) box.append(undoButton(change.undo, talk, box));
  return box;
}

/** The card of a change that waits: what would happen, why it asks, apply or leave. */
export function approval(request, talk = {}, onDone = () => {}) {
  const settle = async (yes, button) => {
    const buttons = [...card.querySelectorAll("button")];
    for (const each of buttons) each.disabled = true;
    button.setAttribute("aria-busy", "true");
    const reply = await attempt(() => post(`/v1/approvals/${request.approval_id}`, { yes }));
    button.removeAttribute("aria-busy");
    if (!reply) {
      for (const each of buttons) each.disabled = false;
      return;
    }
    card.classList.add("settled");
    card.querySelector(".choices").replaceChildren(h("span.muted", yes ? t("approval.applied") : t("approval.left")));
    refreshWaiting();
    talk.replied?.(reply, card);
    onDone(reply, yes);
  };
  const card = h("section.card.approval", { ariaLabel: t("approval.title") },
    h("div.approval-head", icon("approvals"), h("strong", t("approval.title"))),
    request.changes.slice(0, 12).map((change) => receipt(change, {}, { card: false, planned: true })),
    request.changes.length > 12 ? h("p.muted", t("approval.more", { n: request.changes.length - 12 })) : null,
    source(request),
    h("p.because", t("approval.because", { reasons: request.reasons.join(t("semicolon")) })),
    h("div.choices",
      h("button.primary", { onclick: (event) => settle(true, event.currentTarget) }, t("approval.yes")),
      h("button", { onclick: (event) => settle(false, event.currentTarget) }, t("approval.no"))));
  return card;
}

/** The words of a dictated note that a change came from. */
export function source(request) {
  if (!request.source) return null;
  const whole = request.changes[0]?.record.kind === "interaction";
  return h("p.muted.small", whole ? t("approval.wholeNote") : t("approval.from", { words: request.source }));
}

/** A button that takes a change back and tells what came of it. */
export function undoButton(handle, talk = {}, holder = null) {
  const undo = async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    const reply = await attempt(() => post("/v1/undo", { handle, conversation: talk.conversation?.() ?? "" }));
    if (!reply) {
      button.disabled = false;
      return;
    }
    holder?.classList.add("undone");
    button.replaceChildren(t("undo.done"));
    if (talk.replied) talk.replied(reply, holder);
    else toast(t("undo.done"));
  };
  return h("button.quiet.undo", { onclick: undo }, icon("undo"), t("undo"));
}

/** A table of formatted cells; rows that cite a record link to it. */
export function table(given, talk = {}) {
  const cited = given.records?.length === given.rows.length ? given.records : [];
  const head = given.columns.map((column) =>
    h(`th${column.align === "right" ? ".right" : ""}`, { scope: "col" }, column.unit ? `${column.label} (${column.unit})` : column.label));
  const rows = given.rows.map((row, place) =>
    h("tr", row.map((cell, number) => {
      const content = number === 0 && cited[place] ? recordLink({ ...cited[place], name: cell || cited[place].name }) : cell;
      return h(`td${given.columns[number]?.align === "right" ? ".right" : ""}`, content,
        number === row.length - 1 && given.says?.[place] ? doIt(given.says[place], talk) : null);
    })));
  return h("figure.table",
    given.title ? h("figcaption", given.title) : null,
    h("div.scroll", { tabIndex: 0, role: "region", ariaLabel: given.title || t("table") }, h("table", h("thead", h("tr", head)), h("tbody", rows))),
    given.note ? h("p.muted.small", given.note) : null);
}

/** A button that says a message which does what a row proposes: at once in a talk, else as a draft of one. */
function doIt(words, talk) {
  if (talk.say) return h("button.small", { title: words, onclick: () => talk.say(words) }, t("today.do"));
  return h("a.button.small", { title: words, href: `/?say=${encodeURIComponent(words)}` }, t("today.do"));
}

/** A number with how it came about. */
export function figure(given) {
  const detail = [
    [t("figure.formula"), given.formula],
    [t("figure.filter"), given.filter_in_words],
    [t("figure.asOf"), given.as_of],
    [t("figure.rows"), `${given.n} / ${given.n_of}`],
    ...given.left_out.map((reason) => [t("figure.leftOut"), reason]),
  ];
  const [lead, value] = splitFigure(given);
  return h("div.card.figure",
    lead ? h("div.figure-label", lead) : null,
    h("div.figure-value", value),
    h("details", h("summary", t("figure.how")), h("dl", detail.map(([name, text]) => h("div.field", h("dt", name), h("dd", text))))));
}

function splitFigure(given) {
  const place = given.text.search(/[:：]\s*/);
  if (place < 0) return [given.label, given.text];
  return [given.text.slice(0, place), given.text.slice(place + 1).trim()];
}

function question(given, talk) {
  const options = given.candidates.length ? given.candidates.map((each) => each.name) : given.choices;
  const choose = (text, event) => {
    for (const each of event.currentTarget.parentElement.children) each.disabled = true;
    event.currentTarget.classList.add("chosen");
    talk.say?.(text);
  };
  return h("div.question", h("p", given.text),
    options.length ? h("div.options", { role: "group", ariaLabel: given.text },
      options.map((text) => h("button", { onclick: (event) => choose(text, event) }, text))) : null);
}

function draft(given) {
  const copy = async (event) => {
    await navigator.clipboard.writeText(`${given.subject}\n\n${given.body}`);
    event.target.textContent = t("copied");
  };
  return h("article.card.draft",
    h("div.draft-head", h("strong", t("draft.title")), h("button.quiet", { onclick: copy }, t("copy"))),
    h("dl", h("div.field", h("dt", t("draft.to")), h("dd", given.to.join(", "))), h("div.field", h("dt", t("draft.subject")), h("dd", given.subject))),
    h("div.draft-body", { lang: given.language }, given.body.split("\n").map((line) => [line, h("br")])));
}

const note = (kind, sign) => (given) => h(`div.note.${kind}`, icon(sign), h("p", given.text));

const DRAWN = {
  text: (given) => h("div.prose", markdown(given.text)),
  table,
  chart: (given) => chart(given),
  figure,
  change: receipt,
  question,
  approval: (given, talk) => approval(given, talk),
  draft,
  declined: note("declined", "warn"),
  not_known: note("unknown", "search"),
  failure: note("failure", "warn"),
};
