// The words of the page in English and Chinese.

const KEPT = "dealhand.language";
let table = {};
let current = "en";

/** The language in use, `en` or `zh`. */
export const language = () => current;

/** Loads the words: the kept choice, else the browser's language, else English. */
export async function loadWords(wanted) {
  const kept = wanted ?? localStorage.getItem(KEPT) ?? (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
  current = kept === "zh" ? "zh" : "en";
  table = await (await fetch(`/assets/words/${current}.json`)).json();
  document.documentElement.lang = current === "zh" ? "zh-Hans" : "en";
}

/** Keeps a choice of language for the next time. */
export async function chooseLanguage(wanted) {
  localStorage.setItem(KEPT, wanted);
  await loadWords(wanted);
}

/** Whether someone chose a language here before. */
export const hasChosen = () => localStorage.getItem(KEPT) !== null;

/** The text of a key with its blanks filled: t("board.move", { name }). */
export function t(key, values = {}) {
  const text = table[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

/** Whether there are words for a key. */
export const has = (key) => key in table;

/** The word for a stored choice such as best_case. */
export function choice(value) {
  return table[`choice.${value}`] ?? String(value).replaceAll("_", " ");
}
