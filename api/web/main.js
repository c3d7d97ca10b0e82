// Starts the page: who is signed in, the words, and what each address shows.

import { get, useCsrf } from "./lib/http.js";
import { forgetKinds, loadKinds } from "./lib/kinds.js";
import { go, resolve, route, start } from "./lib/router.js";
import { attempt, empty, heading, setUser, stage, user, waiting } from "./lib/shell.js";
import { chooseLanguage, hasChosen, language, loadWords, t } from "./lib/words.js";
import { fill } from "./lib/dom.js";

const root = document.getElementById("app");
const view = (file, name) => async (main, parameters, query) => (await import(`./views/${file}.js`))[name](main, parameters, query);

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
  if (!found) return fill(main, heading(t("notFound.title")), empty(t("notFound.text")));
  const target = document.createElement("div");
  target.className = "view";
  const drawn = new MutationObserver(() => {
    drawn.disconnect();
    if (mine === shown) main.replaceChildren(target);
  });
  drawn.observe(target, { childList: true });
  await attempt(async () => {
    await loadKinds();
    await found.view(target, found.parameters, found.query);
  });
  if (mine === shown && !target.childElementCount) fill(main, heading(t("notFound.title")), empty(t("notFound.text")));
}

async function signIn() {
  const { showSignIn } = await import("./views/sign_in.js");
  await showSignIn(root, async () => {
    await loadUser();
    go(location.pathname === "/sign-in" ? "/" : location.pathname + location.search, { replace: true });
  });
}

async function loadUser() {
  const me = await get("/v1/me");
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

await loadWords();
await loadUser().catch((problem) => {
  if (problem.status !== 401) throw problem;
});
start(show);
