// Changing a record by button: the version it was seen in, a card where a yes is needed, one more detail where one is missing.

import { h } from "./dom.js";
import { call, newKey, post } from "./http.js";
import { ask, attempt, refreshWaiting, tell, toast } from "./shell.js";
import { choice, t } from "./words.js";
import { approval } from "../parts/render.js";

/**
 * Changes fields of a record. Gives the record as it is now, or null when nothing was changed.
 * `onUndo` is called after the notice's undo was pressed and it worked.
 */
export async function change(path, record, values, { onUndo = () => {} } = {}) {
  const answer = await send("PATCH", `${path}/${record.id}`, record, values);
  return answer ? settle(answer, path, record, onUndo) : null;
}

/** Deletes a record after the card that asks for it; says whether it is gone. */
export async function remove(path, record) {
  const answer = await attempt(() => call("DELETE", `${path}/${record.id}`, { headers: headers(record) }));
  if (!answer) return false;
  if (answer.status !== 202) return true;
  const reply = await confirm(answer.data.approval);
  return Boolean(reply);
}

/** Creates a record; gives it, or null. */
export async function create(path, values) {
  const answer = await attempt(() => call("POST", path, { body: values, headers: { "Idempotency-Key": newKey() } }));
  if (!answer) return null;
  if (answer.status === 202) {
    const reply = await confirm(answer.data.approval);
    const made = reply?.parts.find((part) => part.type === "change");
    return made ? { ...made.record, fields: {} } : null;
  }
  toast(t("change.createdName", { name: answer.data.record.name }), undo(answer.data.undo));
  return answer.data.record;
}

/** Does something that is no record's change, with its card and undo; says whether it was done. `name` is for the notice. */
export async function act(method, path, body, { name, onUndo = () => {}, headers = {} }) {
  const answer = await attempt(() => call(method, path, { body, headers }));
  if (!answer) return false;
  const done = answer.status === 202 ? await confirm(answer.data.approval) : answer.data;
  if (done?.undo) toast(t("change.updatedName", { name }), undo(done.undo, onUndo));
  return Boolean(done);
}

const headers = (record) => ({ "If-Match": `"${record.version}"`, "Idempotency-Key": newKey() });

async function send(method, path, record, values) {
  try {
    return await call(method, path, { body: values, headers: headers(record) });
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    const fresh = problem.status === 412 ? await unchangedIn(path, record, values) : null;
    if (fresh) return send(method, path, fresh, values);
    if (problem.status !== 422 || !problem.body.choices?.length) {
      tell(problem);
      return null;
    }
    const detail = await oneMore(problem);
    return detail === null ? null : send(method, path, record, { ...values, [problem.body.field]: detail });
  }
}

/** The record as it is now, if others have changed nothing in the fields that are to change; else null. */
async function unchangedIn(path, record, values) {
  const { data } = await call("GET", path);
  const same = Object.keys(values).every((name) => JSON.stringify(data.fields[name]) === JSON.stringify(record.fields[name]));
  return same && data.version !== record.version ? data : null;
}

function oneMore(problem) {
  const options = problem.body.choices.map((value, place) =>
    h("label", h("input", { type: "radio", name: "detail", value, checked: place === 0 }), choice(value)));
  return ask(problem.message, h("div.radio-list", options), [
    { label: t("cancel"), value: null },
    { label: t("continue"), kind: "primary", type: "submit" },
  ]).then((form) => form?.get("detail") ?? null);
}

async function settle(answer, path, record, onUndo) {
  if (answer.status === 202) {
    const reply = await confirm(answer.data.approval);
    if (!reply) return null;
    const done = reply.parts.some((part) => part.type === "change");
    const told = reply.parts.find((part) => part.text);
    if (!done) {
      if (told) toast(told.text);
      return null;
    }
    toast(t("change.updatedName", { name: record.name }), undo(reply.undo, onUndo));
    return (await call("GET", `${path}/${record.id}`)).data;
  }
  if (answer.data.changes.length) toast(t("change.updatedName", { name: record.name }), undo(answer.data.undo, onUndo));
  return answer.data.record;
}

const undo = (handle, onUndo = () => {}) =>
  handle
    ? {
        action: t("undo"),
        onAction: async () => {
          const reply = await attempt(() => post("/v1/undo", { handle }));
          if (reply) {
            toast(t("undo.done"));
            onUndo();
          }
        },
      }
    : {};

/** The card as a dialog; gives the reply after a yes, null after a no or when it was left for later. */
function confirm(request) {
  return new Promise((resolve) => {
    let reply = null;
    const dialog = h("dialog.confirm", { ariaLabel: t("approval.title"), onclose: () => (dialog.remove(), refreshWaiting(), resolve(reply)) },
      approval(request, {}, (given, yes) => {
        reply = yes ? given : null;
        dialog.close();
      }),
      h("div.dialog-buttons", h("button.quiet", { onclick: () => dialog.close() }, t("approval.later"))));
    document.body.append(dialog);
    dialog.showModal();
  });
}
