// The pipeline as a board: drag a deal to a stage, or press its button; the same policy and audit as in the chat.

import { fill, h, icon } from "../lib/dom.js";
import { change, create } from "../lib/change.js";
import { get, getAll } from "../lib/http.js";
import { day, money, shortMoney } from "../lib/format.js";
import { labelOf } from "../lib/kinds.js";
import { ask, attempt, heading, user } from "../lib/shell.js";
import { t } from "../lib/words.js";

const KEPT = "dealhand.board.scope";
const SILENT_DAYS = 14;

/** Draws the board. */
export async function showBoard(main) {
  const board = new Board(main);
  await board.load();
}

class Board {
  constructor(main) {
    this.main = main;
    this.scope = localStorage.getItem(KEPT) ?? (user().role === "rep" ? "me" : "team");
  }

  async load() {
    const filter = ["status = open"];
    if (this.scope === "me") filter.push("owner = me");
    const [stages, deals] = await Promise.all([
      getAll("/v1/stages", { sort: "order" }),
      getAll("/v1/deals", { filter, sort: "close_date", also: "days_silent" }),
    ]);
    this.stages = stages.items;
    this.deals = deals.items;
    this.names = deals.names;
    this.seesAmounts = !this.deals.length || "amount" in this.deals[0].fields;
    this.sums = this.seesAmounts ? await this.loadSums() : {};
    this.draw();
  }

  async loadSums() {
    const scope = this.scope === "me" ? "me" : user().role === "rep" || user().role === "support" ? "my team" : "";
    const answer = await get("/v1/metrics/pipeline_value", { scope, group_by: "stage" }).catch(() => null);
    return answer?.result.groups ?? {};
  }

  draw() {
    const open = this.stages.filter((stage) => stage.fields.status === "open");
    const closed = this.stages.filter((stage) => stage.fields.status !== "open");
    const title = heading(t("nav.board"), this.scopes(), h("button", { onclick: () => this.create() }, icon("plus"), t("board.new")));
    fill(this.main, h("div.board", title,
      h("div.columns", { tabIndex: 0, role: "region", ariaLabel: t("nav.board") },
        open.map((stage) => this.column(stage)), closed.map((stage) => this.column(stage)))));
  }

  scopes() {
    const choose = (scope) => {
      localStorage.setItem(KEPT, scope);
      this.scope = scope;
      attempt(() => this.load());
    };
    return h("div.segmented", { role: "group", ariaLabel: t("board.whose") },
      ["me", "team"].map((scope) => h("button", { ariaPressed: String(this.scope === scope), onclick: () => choose(scope) }, t(`board.${scope}`))));
  }

  column(stage) {
    const deals = this.deals.filter((deal) => deal.fields.stage === stage.id);
    const closed = stage.fields.status !== "open";
    const list = h("ul.column-list", { ariaLabel: stage.name }, deals.map((deal) => this.card(deal)),
      closed ? h("li.muted.small.drop-hint", t(`board.drop.${stage.fields.status}`)) : null);
    const column = h(`section.column${closed ? ".closed" : ""}`, { ariaLabel: stage.name, dataset: { stage: stage.id } },
      h("div.column-head", h("h2", stage.name), closed ? null : h("span.flag", String(deals.length)),
        this.sums[stage.name] ? h("span.sum", this.sums[stage.name]) : null),
      list);
    column.addEventListener("dragover", (event) => {
      if (!this.dragged || this.dragged.fields.stage === stage.id) return;
      event.preventDefault();
      column.classList.add("over");
    });
    column.addEventListener("dragleave", (event) => column.contains(event.relatedTarget) || column.classList.remove("over"));
    column.addEventListener("drop", (event) => {
      event.preventDefault();
      column.classList.remove("over");
      if (this.dragged) this.move(this.dragged, stage);
    });
    return column;
  }

  card(deal) {
    const { fields } = deal;
    const late = fields.close_date && fields.close_date < user().today;
    const silent = deal.also?.days_silent;
    const item = h("li.deal.card", { draggable: true, dataset: { deal: deal.id } },
      h("a.deal-name", { href: `/records/deals/${deal.id}`, draggable: false }, deal.name),
      h("div.deal-line", h("span", this.names[fields.account] ?? ""), this.seesAmounts ? h("strong", { title: money(fields.amount, fields.currency) }, fields.amount ? shortMoney(fields.amount, fields.currency) : "—") : null),
      h("div.deal-foot",
        fields.close_date ? h(`span.flag${late ? ".late" : ""}`, { title: t("board.closes") }, day(fields.close_date, user().today)) : null,
        silent >= SILENT_DAYS ? h("span.flag.silent", t("board.silent", { n: silent })) : null,
        this.scope === "team" && this.names[fields.owner] ? h("span.muted.small.owner", this.names[fields.owner]) : null,
        h("button.quiet.square", { ariaLabel: t("board.move", { name: deal.name }), title: t("board.moveTitle"), onclick: () => this.choose(deal) }, icon("move"))));
    item.addEventListener("dragstart", (event) => {
      this.dragged = deal;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", deal.name);
      requestAnimationFrame(() => item.classList.add("dragging"));
    });
    item.addEventListener("dragend", () => {
      this.dragged = null;
      item.classList.remove("dragging");
    });
    return item;
  }

  async create() {
    const { items } = await getAll("/v1/accounts");
    const label = (name, input) => h("label", labelOf("deal", name), input);
    const form = await ask(t("board.new"), [
      label("name", h("input", { name: "name", required: true, maxLength: 200, autofocus: true })),
      label("account", h("select", { name: "account", required: true }, items.map((each) => h("option", { value: each.id }, each.name)))),
      this.seesAmounts ? label("amount", h("input", { name: "amount", inputMode: "decimal", pattern: "[0-9]+([.][0-9]{1,2})?" })) : null,
      label("close_date", h("input", { name: "close_date", type: "date" })),
    ], [{ label: t("cancel"), value: null }, { label: t("board.createDo"), kind: "primary", type: "submit" }]);
    if (!form) return;
    const values = Object.fromEntries([...form].filter(([, value]) => value !== ""));
    if (await create("/v1/deals", { ...values, owner: user().id })) await this.load();
  }

  async choose(deal) {
    const options = this.stages.map((stage) =>
      h("label", h("input", { type: "radio", name: "stage", value: stage.id, checked: stage.id === deal.fields.stage }), stage.name));
    const form = await ask(t("board.move", { name: deal.name }), h("div.radio-list", options), [
      { label: t("cancel"), value: null },
      { label: t("board.moveDo"), kind: "primary", type: "submit" },
    ]);
    const chosen = this.stages.find((stage) => stage.id === form?.get("stage"));
    if (chosen && chosen.id !== deal.fields.stage) this.move(deal, chosen);
  }

  async move(deal, stage) {
    const card = this.main.querySelector(`[data-deal="${deal.id}"]`);
    card?.classList.add("moving");
    await change("/v1/deals", deal, { stage: stage.id }, { onUndo: () => this.load() });
    await this.load();
    this.main.querySelector(`[data-deal="${deal.id}"] a`)?.focus();
  }
}
