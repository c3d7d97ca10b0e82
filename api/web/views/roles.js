// What each role may do and see, who has it, and which fields are hidden from it; for admins.

import { fill, h } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { choice, t } from "../lib/words.js";

/** Draws the roles into a part of the administration. */
export async function roles(body) {
  const { items } = await get("/v1/admin/roles");
  fill(body, h("p.muted", t("roles.lead")), items.map(panel));
}

function panel({ role, people, hidden }) {
  return h("section.card.panel", h("h2", choice(role), h("span.flag", t("roles.people", { n: people.length }))),
    h("p", t(`roles.${role}`)),
    h("dl", h("div.field", h("dt", t("roles.who")), h("dd", people.join(", ") || "—")),
      hidden.map((each) => h("div.field", h("dt", t("roles.hidden", { kind: each.label })), h("dd", each.fields.join(", "))))));
}
