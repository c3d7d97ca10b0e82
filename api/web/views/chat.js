// The conversation: what was said, answers as they are written, and the line to write in.

import { append, fill, h, icon } from "../lib/dom.js";
import { get, newKey, stream, upload } from "../lib/http.js";
import { go } from "../lib/router.js";
import { attempt, refreshWaiting, user } from "../lib/shell.js";
import { dictate } from "../lib/voice.js";
import { t } from "../lib/words.js";
import { markdown } from "../parts/markdown.js";
import { drawParts } from "../parts/note.js";
import { part } from "../parts/render.js";

/** Shows a conversation, or a new one. */
export async function showChat(main, { id = "" }) {
  document.title = `${t("nav.chat")} · Dealhand`;
  const chat = new Chat(main, id);
  chat.draw();
  if (id) await attempt(() => chat.load());
  const asked = new URLSearchParams(location.search).get("say");
  if (asked) {
    history.replaceState(null, "", location.pathname);
    chat.say(asked);
  }
}

class Chat {
  constructor(main, id) {
    this.main = main;
    this.id = id;
    this.busy = null;
    this.talk = {
      say: (text) => this.say(text),
      conversation: () => this.id,
      replied: (reply, after) => this.addReply(reply, after),
    };
  }

  draw() {
    this.log = h("div.log", { role: "log", ariaLabel: t("chat.log"), ariaLive: "polite" });
    this.box = h("textarea", { rows: 1, placeholder: t("chat.placeholder"), ariaLabel: t("chat.placeholder"), maxLength: 20000 });
    this.button = h("button.primary.round", { type: "submit", ariaLabel: t("chat.send") }, icon("send"));
    this.box.addEventListener("input", () => this.fit());
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    const submit = (event) => {
      event.preventDefault();
      if (this.busy) this.busy.abort();
      else this.say(this.box.value);
    };
    const form = h("form.composer", { onsubmit: submit }, this.box,
      user().voice ? h("button.quiet.round", { type: "button", ariaLabel: t("voice.title"), title: t("voice.title"), onclick: () => this.dictate() }, icon("voice")) : null,
      this.button);
    this.side = h("div.chat-tools",
      h("button.quiet", { onclick: () => go("/chat", { replace: false }) }, icon("plus"), t("chat.new")),
      h("button.quiet", { onclick: () => this.openEarlier() }, icon("audit"), t("chat.earlier")));
    this.scroller = h("div.chat-scroll", this.log);
    fill(this.main, h("div.chat", h("h1.for-readers", t("nav.chat")), this.side, this.scroller, h("div.composer-row", form, h("p.muted.small.composer-hint", t("chat.hint")))));
    if (!this.id) this.drawWelcome();
    if (matchMedia("(min-width: 800px)").matches) requestAnimationFrame(() => this.box.focus());
  }

  drawWelcome() {
    const examples = t(`chat.examples.${user().role}`).split("|");
    this.welcome = h("div.welcome",
      h("p.hello", t("chat.hello", { name: user().name.split(" ")[0] })),
      h("p.muted", t("chat.lead")),
      h("div.examples", examples.map((text) => h("button", { onclick: () => this.say(text) }, text))));
    this.log.append(this.welcome);
  }

  async load() {
    const { items } = await get(`/v1/conversations/${this.id}`);
    for (const turn of items) {
      if (turn.text && !turn.text.startsWith("/")) this.addMine(turn.text);
      this.addReply(turn.reply);
    }
    this.toEnd();
  }

  async openEarlier() {
    const found = await attempt(() => get("/v1/conversations"));
    if (!found) return;
    const dialog = h("dialog.sheet", { ariaLabel: t("chat.earlier"), onclose: () => dialog.remove(), onclick: (event) => event.target === dialog && dialog.close() },
      h("h2", t("chat.earlier")),
      found.items.length ? h("nav", found.items.map((each) => h("a", { href: `/chat/${each.id}`, onclick: () => dialog.close() }, h("span", each.first || "…")))) : h("p.muted", t("chat.none")));
    document.body.append(dialog);
    dialog.showModal();
  }

  async say(text) {
    const said = text.trim();
    if (!said || this.busy) return;
    this.welcome?.remove();
    this.box.value = "";
    this.fit();
    this.addMine(said);
    const answer = this.addAnswer();
    this.setBusy(new AbortController());
    const key = newKey();
    try {
      await this.hear(said, key, answer);
    } catch (problem) {
      if (problem.name === "AbortError") answer.append(h("p.muted", t("chat.stopped")));
      else if (problem.status === undefined) throw problem;
      else answer.append(this.problem(problem, said));
    } finally {
      answer.querySelector(".thinking")?.remove();
      this.setBusy(null);
    }
  }

  async dictate() {
    const file = this.busy ? null : await dictate();
    if (!file) return;
    this.welcome?.remove();
    const bubble = this.addMine(t("voice.listening"));
    const answer = this.addAnswer();
    this.setBusy(new AbortController());
    const found = await attempt(() => upload("/v1/voice", file, { conversation: this.id }));
    this.setBusy(null);
    answer.remove();
    if (!found) return bubble.remove();
    bubble.firstElementChild.textContent = found.text;
    this.addReply(found.reply);
    refreshWaiting();
  }

  async hear(said, key, answer) {
    let written = "";
    let prose = null;
    const shown = [];
    await stream("/v1/chat", { text: said, conversation: this.id, key }, (name, data) => {
      answer.querySelector(".thinking")?.remove();
      if (name === "delta") {
        written += data.text;
        if (!prose) answer.append((prose = h("div.prose")));
        fill(prose, markdown(written));
      } else if (name === "part") {
        shown.push(JSON.stringify(data));
        answer.append(part(data, this.talk));
      } else if (name === "reply") {
        this.finish(data, answer, shown, Boolean(prose));
      } else if (name === "problem") {
        answer.append(part({ type: "failure", text: data.detail }));
      }
      this.toEnd();
    }, this.busy.signal);
  }

  finish(reply, answer, shown, wrote) {
    const parts = reply.parts.filter((each) => !(wrote && each.type === "text"));
    const early = shown.length === parts.length && parts.every((each, place) => JSON.stringify(each) === shown[place]);
    if (!early) {
      const prose = wrote ? answer.querySelector(".prose") : null;
      fill(answer, prose, parts.map((each) => part(each, this.talk)));
    }
    answer.append(this.foot(reply));
    this.adopt(reply.conversation_id);
    if (parts.some((each) => each.type === "approval")) refreshWaiting();
  }

  foot(reply) {
    const why = async (event) => {
      const found = await attempt(() => get(`/v1/turns/${reply.turn_id}/why`));
      if (found) event.target.replaceWith(h("div.why", found.parts.map((each) => part(each))));
    };
    return reply.turn_id ? h("div.answer-foot", h("button.quiet.small", { onclick: why }, t("chat.why"))) : null;
  }

  adopt(id) {
    if (!id || id === this.id) return;
    this.id = id;
    history.replaceState(null, "", `/chat/${id}`);
  }

  addMine(text) {
    const mine = h("div.mine", h("div.bubble", text.split("\n").map((line, n) => (n ? [h("br"), line] : line))));
    this.log.append(mine);
    this.toEnd();
    return mine;
  }

  addAnswer() {
    const answer = h("div.answer", h("div.thinking", { ariaLabel: t("chat.thinking") }, h("i"), h("i"), h("i")));
    this.log.append(answer);
    this.toEnd();
    return answer;
  }

  addReply(reply, after = null) {
    const answer = append(h("div.answer"), [...drawParts(reply.parts, this.talk), after ? null : this.foot(reply)]);
    this.log.append(answer);
    this.adopt(reply.conversation_id);
    this.toEnd();
  }

  problem(problem, said) {
    const again = () => this.say(said);
    return h("div.note.failure", icon("warn"), h("p", problem.message), h("button", { onclick: again }, t("again")));
  }

  setBusy(controller) {
    this.busy = controller;
    this.button.classList.toggle("stop", Boolean(controller));
    this.button.setAttribute("aria-label", controller ? t("chat.stop") : t("chat.send"));
    fill(this.button, icon(controller ? "close" : "send"));
  }

  fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight, 220)}px`;
  }

  toEnd() {
    requestAnimationFrame(() => this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: "instant" }));
  }
}
