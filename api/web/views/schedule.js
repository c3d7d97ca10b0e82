// When, where and whether this person is briefed, as a dialog.

import { h } from "../lib/dom.js";
import { act } from "../lib/change.js";
import { get } from "../lib/http.js";
import { ask, attempt } from "../lib/shell.js";
import { t } from "../lib/words.js";

const DAYS = ["mon-fri", "daily", "mon"];

/** Asks for the times and sets them. */
export async function editSchedule() {
  const found = await attempt(() => get("/v1/briefing/schedule"));
  if (!found) return;
  const [days, at] = (found.rule || "mon-fri 08:30").split(" ");
  const [from, to] = found.quiet_hours ? found.quiet_hours.split("-") : ["", ""];
  const field = (key, name, attributes) => h("label", t(`schedule.${key}`), h("input", { name, ...attributes }));
  const form = await ask(t("schedule.title"), h("div.form-grid",
    h("label.check", h("input", { type: "checkbox", name: "is_active", checked: Boolean(found.rule) }), t("schedule.active")),
    h("label", t("schedule.days"), pick("days", [...new Set([days, ...DAYS])].map((each) => [each, DAYS.includes(each) ? t(`schedule.days.${each}`) : each]), days)),
    field("at", "at", { type: "time", value: at, required: true }),
    h("label", t("schedule.channel"), pick("channel", ["", ...found.channels].map((each) => [each, t(`schedule.channel.${each}`)]), found.own ? found.channel : "")),
    field("quietFrom", "from", { type: "time", value: from }),
    field("quietTo", "to", { type: "time", value: to }),
    field("zone", "timezone", { value: found.timezone, required: true }),
    field("muted", "muted_until", { type: "date", value: found.muted_until })),
  [{ label: t("cancel"), value: null }, { label: t("save"), kind: "primary", type: "submit" }]);
  if (!form) return;
  const text = (name) => String(form.get(name) ?? "");
  await act("PATCH", "/v1/briefing/schedule", {
    rule: `${text("days")} ${text("at")}`,
    channel: text("channel"),
    quiet_hours: text("from") && text("to") ? `${text("from")}-${text("to")}` : "",
    timezone: text("timezone"),
    muted_until: text("muted_until"),
    is_active: form.has("is_active"),
  }, { name: t("schedule.title") });
}

function pick(name, options, value) {
  return h("select", { name }, options.map(([key, label]) => h("option", { value: key, selected: key === value }, label)));
}
