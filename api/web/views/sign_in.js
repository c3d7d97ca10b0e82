// Signing in: e-mail address and password, or single sign-on where it is set up.

import { fill, h } from "../lib/dom.js";
import { get, post } from "../lib/http.js";
import { languageSwitch } from "../lib/shell.js";
import { t } from "../lib/words.js";

/** Draws the form; `onDone` is called when someone is signed in. */
export async function showSignIn(root, onDone) {
  document.title = `${t("signIn.title")} · Dealhand`;
  const refused = new URLSearchParams(location.search).get("refused");
  const message = h("p.form-error", { role: "alert" }, refused ? t(`signIn.refused.${refused}`) : "");
  const email = h("input", { type: "email", name: "email", autocomplete: "username", required: true, autofocus: true });
  const password = h("input", { type: "password", name: "password", autocomplete: "current-password", required: true });
  const button = h("button.primary.wide", { type: "submit" }, t("signIn.button"));
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    message.textContent = "";
    try {
      await post("/v1/sign-in", { email: email.value, password: password.value });
      await onDone();
    } catch (problem) {
      if (problem.status === undefined) throw problem;
      message.textContent = problem.message;
      password.select();
    } finally {
      button.disabled = false;
    }
  };
  const extras = h("div.sign-in-extras");
  fill(root, h("main.sign-in",
    h("div.sign-in-card",
      h("div.sign-in-brand", h("img", { src: "/assets/icon.svg", alt: "", width: 44, height: 44 }), h("h1", "Dealhand"), h("p.muted", t("signIn.lead"))),
      h("form", { onsubmit: submit },
        h("label", t("signIn.email"), email),
        h("label", t("signIn.password"), password),
        message, button),
      extras, h("div.sign-in-foot", languageSwitch()))));
  const ways = await get("/v1/sign-in");
  if (ways.single_sign_on) extras.append(h("a.button.wide", { href: "/sign-in/sso", target: "_self" }, ways.single_sign_on));
  if (ways.demonstration) extras.append(h("p.hint", t("signIn.demo", { company: ways.company })));
}
