// What kinds of records and fields there are, in the words of the page's language; the server's declaration.

import { capital } from "./format.js";
import { get } from "./http.js";
import { language } from "./words.js";

let loaded = null;
let loadedFor = "";

/** Loads the declaration once for a language. */
export async function loadKinds() {
  if (loadedFor === language()) return loaded;
  loaded = (await get("/v1/kinds")).kinds;
  loadedFor = language();
  return loaded;
}

/** Forgets it: a field was added, or someone else signed in. */
export function forgetKinds() {
  loadedFor = "";
}

/** The declaration of a kind, by its name in addresses. */
export const kindAt = (path) => Object.entries(loaded ?? {}).map(([kind, each]) => ({ kind, ...each })).find((each) => each.path === path);

/** A field of a kind, or undefined. */
export const fieldOf = (kind, name) => loaded?.[kind]?.fields.find((each) => each.name === name);

/** What a field is called. */
export const labelOf = (kind, name) => capital(fieldOf(kind, name)?.label ?? name.replaceAll("_", " "));

/** The word for a stored choice of a field. */
export const choiceOf = (kind, name, value) => capital(fieldOf(kind, name)?.choices.find((each) => each.value === value)?.label ?? String(value));
