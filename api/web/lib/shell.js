// The frame around every view: navigation, who is signed in, short notices, and dialogs.

import { fill, h, icon } from "./dom.js";
import { call, get } from "./http.js";
import { go } from "./router.js";
import { chooseLanguage, language, t } from "./words.js";
import { initials } from "./format.js";

const ENTRIES = [
  { path: "/", name: "chat" },
  { path: "/today", name: "today" },
  { path: "/board", name: "board", not: ["marketer"] },
  { path: "/records/accounts", name: "accounts", under: "/records" },
  { path: "/forecast", name: "forecast", not: ["support", "marketer"] },
  { path: "/approvals", name: "approvals" },
  { path: "/audit", name: "audit" },
  { path: "/admin", name: "admin" },
];
const ON_PHONE = ["chat", "today", "board", "accounts"];

let me = null;
let frame = null;

/** Who is signed in. */
export const user = () => me;

/** Sets who is signed in; null takes the frame away. */
export function setUser(person) {
  me = person;
  frame = null;
}

/** The element that a view fills. Draws the frame first where there is none. */
export function stage(root) {
  if (!frame) {
    frame = drawFrame();
    fill(root, ...frame.parts);
    refreshWaiting();
  }
  markCurrent();
  return frame.main;
}

/** Shows how many changes wait for a yes. */
export async function refreshWaiting() {
  if (!frame) return;
  const { items } = await get("/v1/approvals").catch(() => ({ items: [] }));
  for (const badge of frame.badges) {
    badge.textContent = items.length || "";
    badge.hidden = !items.length;
  }
}

/** The heading of a view with what stands beside it; gets the focus, so that screen readers say where one is. */
export function heading(text, ...beside) {
  document.title = `${text} · Dealhand`;
  const title = h("h1", { tabIndex: -1 }, text);
  requestAnimationFrame(() => title.focus({ preventScroll: true }));
  return h("header.view-head", title, h("div.view-tools", beside));
}

/** A short notice; with `action` it has a button. */
export function toast(text, { action, onAction, kind = "" } = {}) {
  const box = h(`div.toast${kind ? `.${kind}` : ""}`, h("span", text));
  const remove = () => box.remove();
  if (action) box.append(h("button.link", { onclick: () => (remove(), onAction()) }, action));
  box.append(h("button.quiet.square", { onclick: remove, ariaLabel: t("close") }, icon("close")));
  document.getElementById("toasts").append(box);
  setTimeout(remove, action ? 12_000 : 6_000);
}

/** Tells a problem. */
export const tell = (problem) => toast(problem.message, { kind: "bad" });

/** Runs something that may fail; a problem becomes a notice. */
export async function attempt(action) {
  try {
    return await action();
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    if (problem.status !== 401) tell(problem);
    return undefined;
  }
}

/** A modal dialog; gives what the pressed button stands for, null when it was left. */
export function ask(title, content, buttons) {
  return new Promise((resolve) => {
    const done = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    const row = buttons.map(({ label, value, kind = "", type }) =>
      h(`button${kind ? `.${kind}` : ""}`, { type: type ?? "button", onclick: type === "submit" ? undefined : () => done(value) }, label));
    const form = h("form", { onsubmit: (event) => (event.preventDefault(), done(new FormData(form))) },
      h("h2", title), content, h("div.dialog-buttons", row));
    const dialog = h("dialog", { ariaLabel: title, oncancel: (event) => (event.preventDefault(), done(null)) }, form);
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** What is shown while data is on its way. */
export const waiting = () => h("div.skeletons", { ariaLabel: t("loading"), role: "status" }, h("span"), h("span"), h("span"));

/** What is shown where there is nothing. */
export const empty = (text, ...more) => h("div.empty", h("p", text), more);

function drawFrame() {
  const badges = [];
  const allowed = ENTRIES.filter(({ not }) => !not?.includes(me.role));
  const main = h("main#main", { tabIndex: -1 });
  const link = ({ path, name, under }) => {
    const badge = name === "approvals" ? h("span.badge", { hidden: true }) : null;
    if (badge) badges.push(badge);
    return h("a", { href: path, dataset: { under: under ?? path } }, icon(name), h("span", t(`nav.${name}`)), badge);
  };
  const side = h("nav.side", { ariaLabel: t("nav.label") },
    h("a.brand", { href: "/" }, h("img", { src: "/assets/icon.svg", alt: "", width: 28, height: 28 }), h("span", "Dealhand")),
    h("div.links", allowed.map(link)),
    h("div.who", whoAmI()));
  const tabs = h("nav.tabs", { ariaLabel: t("nav.label") },
    allowed.filter(({ name }) => ON_PHONE.includes(name)).map(link),
    h("button", { onclick: () => openMore(allowed) }, icon("more"), h("span", t("nav.more"))));
  const skip = h("a.skip", { href: "#main", onclick: (event) => (event.preventDefault(), main.focus()) }, t("skip"));
  const shell = h("div.shell", side, main, tabs);
  return { parts: [skip, shell], main, badges };
}

function whoAmI() {
  return [
    h("div.avatar", { ariaHidden: "true" }, initials(me.name)),
    h("div.who-name", h("strong", me.name), h("small", `${t(`choice.${me.role}`)} · ${me.company}`)),
    h("div.who-tools", languageSwitch(), h("button.quiet.square", { onclick: signOut, title: t("signOut"), ariaLabel: t("signOut") }, icon("out"))),
  ];
}

/** The button that changes the language. */
export function languageSwitch() {
  const other = language() === "zh" ? "en" : "zh";
  const change = async () => {
    await chooseLanguage(other);
    frame = null;
    go(location.pathname + location.search);
  };
  return h("button.quiet.language", { onclick: change, lang: other === "zh" ? "zh-Hans" : "en" }, other === "zh" ? "中文" : "English");
}

function openMore(allowed) {
  const others = allowed.filter(({ name }) => !ON_PHONE.includes(name));
  const close = () => sheet.close();
  const sheet = h("dialog.sheet", { ariaLabel: t("nav.more"), onclose: () => sheet.remove(), onclick: (event) => event.target === sheet && close() },
    h("nav", others.map(({ path, name }) => h("a", { href: path, onclick: close }, icon(name), h("span", t(`nav.${name}`))))),
    h("div.who", whoAmI()));
  document.body.append(sheet);
  sheet.showModal();
}

async function signOut() {
  await call("POST", "/v1/sign-out").catch(() => {});
  window.dispatchEvent(new CustomEvent("signed-out"));
}

function markCurrent() {
  for (const link of document.querySelectorAll("nav a[data-under]")) {
    const under = link.dataset.under;
    const here = under === "/" ? location.pathname === "/" || location.pathname.startsWith("/chat") : location.pathname.startsWith(under);
    if (here) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

