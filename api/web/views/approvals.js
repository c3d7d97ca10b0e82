// What waits for this person's yes, wherever it was asked for: here, in the chat, by an assistant.

import { fill, h } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { moment } from "../lib/format.js";
import { empty, heading, user } from "../lib/shell.js";
import { t } from "../lib/words.js";
import { approval, part } from "../parts/render.js";

/** Draws the cards. */
export async function showApprovals(main) {
  const { items } = await get("/v1/approvals");
  const cards = items.map((each) => {
    const holder = h("div.stack.tight", h("p.muted.small", t("approval.asked", { at: moment(each.asked_at, user().timezone) })));
    holder.append(approval(each, { replied: (reply) => holder.append(...reply.parts.map((one) => part(one))) }));
    return holder;
  });
  fill(main, heading(t("nav.approvals")), items.length ? h("div.stack.narrow", cards) : empty(t("approval.none")));
}
