// The audit trail: who changed what, through what; each change can be taken back here.

import { append, fill, h, icon } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { moment } from "../lib/format.js";
import { attempt, empty, heading, user, waiting } from "../lib/shell.js";
import { choice, has, t } from "../lib/words.js";
import { receipt, undoButton } from "../parts/render.js";

const SHOWN = 6;

/** Draws the trail. */
export async function showAudit(main, _, query) {
  const state = { record: query.get("record") ?? "", next: null };
  const list = h("div.effects", waiting());
  const more = h("button", { hidden: true, onclick: () => load(false) }, t("list.more"));
  const none = empty(t("audit.none"));
  const load = async (fresh) => {
    const page = await attempt(() => get("/v1/audit", { record: state.record, before: fresh ? "" : state.next, limit: 60 }));
    if (!page) return;
    if (fresh) list.replaceChildren();
    append(list, page.items.map(effect));
    state.next = page.next;
    more.hidden = page.next === null;
    none.hidden = list.childElementCount > 0;
  };
  let timer = 0;
  const search = h("input", {
    type: "search", placeholder: t("audit.search"), ariaLabel: t("audit.search"), value: state.record,
    oninput: () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        state.record = search.value.trim();
        load(true);
      }, 250);
    },
  });
  fill(main, heading(t("nav.audit"), h("div.search-field", icon("search"), search)), list, none, h("div.center", more));
  none.hidden = true;
  await load(true);
}

function effect(each) {
  const through = [choice(each.channel || "import"), has(`cause.${each.cause}`) ? t(`cause.${each.cause}`) : ""].filter(Boolean).join(" · ");
  const box = h(`section.card.effect${each.undone ? ".undone" : ""}`,
    h("div.effect-head", h("strong", each.who), h("span", moment(each.at, user().timezone)), h("span", through),
      each.is_undo ? h("span.flag", t("audit.isUndo")) : null,
      each.undone ? h("span.flag", t("audit.undone")) : null),
    each.changes.slice(0, SHOWN).map((change) => receipt(change, {}, { card: false, folded: true })),
    each.changes.length > SHOWN ? h("p.muted.small", t("audit.more", { n: each.changes.length - SHOWN })) : null);
  if (!each.undone && !each.is_undo) box.querySelector(".effect-head").append(undoButton(each.effect, {}, box));
  return box;
}
