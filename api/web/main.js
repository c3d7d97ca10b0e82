// Starts the page: who is signed in, the words, and what each address shows.

import { get, useCsrf } from "./lib/http.js";
import { forgetKinds, loadKinds } from "./lib/kinds.js";
import { go, resolve, route, start } from "./lib/router.js";
import { empty, heading, setUser, stage, tell, user, waiting } from "./lib/shell.js";
import { chooseLanguage, hasChosen, language, loadWords, t } from "./lib/words.js";
import { fill, h } from "./lib/dom.js";

const root = document.getElementById("app");
// A view's file comes when its address is first shown, together with the data that every view needs.
const view = (file, name) => async () => (await import(`./views/${file}.js`))[name];

route("/", view("chat", "showChat"));
route("/chat", view("chat", "showChat"));
route("/chat/:id", view("chat", "showChat"));
route("/today", view("today", "showToday"));
route("/board", view("board", "showBoard"));
route("/records/:path", view("list", "showList"));
route("/records/:path/:id", view("record", "showRecord"));
route("/forecast", view("forecast", "showForecast"));
route("/audit", view("audit", "showAudit"));
route("/approvals", view("approvals", "showApprovals"));
route("/admin", view("admin", "showAdmin"));
route("/admin/:part", view("admin", "showAdmin"));

let shown = 0;

async function show() {
  if (!user()) return signIn();
  if (location.pathname === "/sign-in") return go("/", { replace: true });
  const main = stage(root);
  const found = resolve();
  const mine = ++shown;
  fill(main, waiting());
  if (!found) return fill(main, nothing(t("notFound.title"), t("notFound.text")));
  const target = document.createElement("div");
  target.className = "view";
  const drawn = new MutationObserver(() => {
    drawn.disconnect();
    if (mine === shown) main.replaceChildren(target);
  });
  drawn.observe(target, { childList: true });
  const problem = await draw(found, target);
  if (mine !== shown || problem?.status === 401) return;
  if (problem && problem.status !== 404) fill(main, nothing(t("failed.title"), problem.message, h("button", { onclick: show }, t("again"))));
  else if (!target.childElementCount) fill(main, nothing(t("notFound.title"), t("notFound.text")));
}

/** Draws a view; gives what the server had against it. */
async function draw({ view, parameters, query }, target) {
  try {
    const [show] = await Promise.all([view(), loadKinds()]);
    await show(target, parameters, query);
    return null;
  } catch (problem) {
    if (problem.status === undefined) throw problem;
    return problem;
  }
}

const nothing = (title, text, ...more) => h("div.view", heading(title), empty(text, ...more));

async function signIn() {
  const { showSignIn } = await import("./views/sign_in.js");
  await showSignIn(root, async () => {
    await welcome(await get("/v1/me"));
    go(location.pathname === "/sign-in" ? "/" : location.pathname + location.search, { replace: true });
  });
}

async function welcome(me) {
  useCsrf(me.csrf);
  if (!hasChosen() && me.language !== language()) await chooseLanguage(me.language);
  forgetKinds();
  setUser(me);
}

window.addEventListener("signed-out", () => {
  if (!user()) return;
  setUser(null);
  useCsrf("");
  signIn();
});

window.addEventListener("unhandledrejection", (event) => {
  if (event.reason?.status === undefined) return;
  event.preventDefault();
  if (event.reason.status !== 401) tell(event.reason);
});

resolve()?.view().catch(() => {}); // on its way while we ask who is there
const [who] = await Promise.all([get("/v1/me").catch((problem) => problem), loadWords()]);
if (who.status === undefined) await welcome(who);
else if (who.status !== 401) tell(who);
start(show);
