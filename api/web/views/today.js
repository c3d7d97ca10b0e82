// Today: the briefing with its records, what waits for a yes, and the person's own open tasks.

import { fill, h, icon } from "../lib/dom.js";
import { call, get, getAll } from "../lib/http.js";
import { day } from "../lib/format.js";
import { attempt, empty, heading, toast, user } from "../lib/shell.js";
import { t } from "../lib/words.js";
import { editSchedule } from "./schedule.js";
import { approval, recordLink, undoButton } from "../parts/render.js";

/** Draws the day. */
export async function showToday(main) {
  const [briefing, tasks, pending] = await Promise.all([
    get("/v1/briefing"),
    getAll("/v1/tasks", { filter: ["assignee = me", "status = open"], sort: "due" }, 200),
    get("/v1/approvals"),
  ]);
  fill(main,
    heading(t("nav.today"), h("span.muted", day(user().today, user().today)), h("button", { onclick: editSchedule }, icon("today"), t("schedule.title"))),
    h("div.split",
      h("div.stack", brief(briefing)),
      h("div.stack", pending.items.length ? waits(pending.items) : null, taskPanel(tasks))));
}

function brief({ title, lines, is_empty: isEmpty }) {
  const rows = lines.map((line) => h(`li${line.indented ? ".indented" : ""}`,
    h("div", withLinks(line)),
    line.say ? h("a.button.small", { href: `/?say=${encodeURIComponent(line.say)}` }, t("today.do")) : null));
  return h("section.card.panel", { ariaLabel: title }, h("h2", title),
    isEmpty ? h("p.muted", lines[0]?.text ?? t("today.nothing")) : h("ul.lines.brief", rows));
}

/** The text of a line in which the names of its records are links; those that are not named follow it. */
function withLinks({ text, records }) {
  let pieces = [text];
  const rest = [];
  for (const record of records) {
    const place = pieces.findIndex((piece) => typeof piece === "string" && record.name && piece.includes(record.name));
    if (place < 0) {
      rest.push(record);
      continue;
    }
    const [before, ...after] = pieces[place].split(record.name);
    pieces.splice(place, 1, before, recordLink(record), after.join(record.name));
  }
  const shown = rest.filter((each) => ["deal", "account", "task", "lead", "contact"].includes(each.kind)).slice(0, 2);
  return [...pieces, shown.length ? h("span.chips.inline", shown.map((each) => h("span.chip", recordLink(each)))) : null];
}

function waits(items) {
  return h("section.stack", { ariaLabel: t("nav.approvals") }, items.slice(0, 3).map((each) => approval(each, {})));
}

function taskPanel({ items, names }) {
  const today = user().today;
  const row = (task) => {
    const late = task.fields.due && task.fields.due < today;
    const about = names[task.fields.deal] ? { kind: "deal", id: task.fields.deal } : names[task.fields.account] ? { kind: "account", id: task.fields.account } : null;
    const line = h("li.task",
      h("button.quiet.square.done", { ariaLabel: t("task.done", { name: task.name }), title: t("task.finish"), onclick: () => finish(task, line) }, icon("check")),
      h("div", recordLink(task), h("div.muted.small", about ? recordLink({ ...about, name: names[about.id] }) : "")),
      task.fields.due ? h(`span.flag${late ? ".late" : ""}`, day(task.fields.due, today)) : null);
    return line;
  };
  return h("section.card.panel", h("h2", t("today.tasks"), h("span.flag", String(items.length))),
    items.length ? h("ul.lines", items.slice(0, 20).map(row)) : empty(t("today.noTasks")));
}

async function finish(task, line) {
  const done = await attempt(() => call("PATCH", `/v1/tasks/${task.id}`, { body: { status: "done" }, headers: { "If-Match": `"${task.version}"` } }));
  if (!done) return;
  line.classList.add("finished");
  if (done.data.undo) line.append(undoButton(done.data.undo, {}, line));
  else toast(t("saved"));
}
