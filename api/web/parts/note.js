// The parts of a dictated note in one card: each with the words it came from and a tick, one yes for what is ticked.

import { h, icon } from "../lib/dom.js";
import { post } from "../lib/http.js";
import { attempt, refreshWaiting } from "../lib/shell.js";
import { t } from "../lib/words.js";
import { part, receipt, source } from "./render.js";

/** All parts of a reply; what waits for a yes of one note stands in one card, where its first part stood. */
export function drawParts(parts, talk = {}) {
  const asked = parts.filter((each) => each.type === "approval" && each.source);
  if (asked.length < 2) return parts.map((each) => part(each, talk));
  return parts.map((each) => (each === asked[0] ? note(asked, talk) : asked.includes(each) ? null : part(each, talk)));
}

function note(requests, talk) {
  const lines = requests.map((request) => {
    const box = h("input", { type: "checkbox", checked: true });
    const changes = request.changes.map((change) => receipt(change, {}, { card: false, planned: true }));
    return { request, box, row: h("label.note-part", box, h("div", changes, source(request))) };
  });
  const settle = async (all, button) => {
    const controls = [...card.querySelectorAll("button, input")];
    for (const each of controls) each.disabled = true;
    button.setAttribute("aria-busy", "true");
    const parts = [];
    let last = null;
    let whole = true;
    for (const { request, box } of lines) {
      const yes = all && box.checked;
      const reply = await attempt(() => post(`/v1/approvals/${request.approval_id}`, { yes }));
      // A part that was answered before gives the same reply again, so that all may be sent once more.
      if (!reply) {
        whole = false;
        break;
      }
      last = reply;
      if (yes) parts.push(...reply.parts);
    }
    button.removeAttribute("aria-busy");
    if (!whole) {
      for (const each of controls) each.disabled = false;
      return;
    }
    card.classList.add("settled");
    card.querySelector(".choices").replaceChildren(h("span.muted", t(parts.length ? "approval.applied" : "approval.left")));
    refreshWaiting();
    if (parts.length) talk.replied?.({ ...last, parts }, card);
  };
  const reasons = [...new Set(requests.flatMap((each) => each.reasons))];
  const card = h("section.card.approval", { ariaLabel: t("approval.title") },
    h("div.approval-head", icon("approvals"), h("strong", t("approval.title")), h("span.muted", t("approval.untick"))),
    lines.map((each) => each.row),
    h("p.because", t("approval.because", { reasons: reasons.join(t("semicolon")) })),
    h("div.choices",
      h("button.primary", { onclick: (event) => settle(true, event.currentTarget) }, t("approval.ticked")),
      h("button", { onclick: (event) => settle(false, event.currentTarget) }, t("approval.nothing"))));
  return card;
}
