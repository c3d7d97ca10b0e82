// Talks to the API: JSON in and out, the CSRF word on every change, problems as errors that say what to do.

import { language, t } from "./words.js";

let csrf = "";

/** The word that goes with every change of this session. */
export function useCsrf(word) {
  csrf = word;
}

/** An answer that is no success; `message` may be shown. */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail || body?.title || t("error.unknown"));
    this.status = status;
    this.body = body ?? {};
  }
}

/** A request. Gives {status, data, etag}; raises Problem. */
export async function call(method, path, { body, query, headers = {} } = {}) {
  const response = await reach(path + queryText(query), {
    method,
    headers: { ...own(), ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const data = text && response.headers.get("Content-Type")?.includes("json") ? JSON.parse(text) : null;
  if (!response.ok) raise(response.status, data);
  return { status: response.status, data, etag: response.headers.get("ETag") ?? "" };
}

/** The data of a GET. */
export const get = async (path, query) => (await call("GET", path, { query })).data;

/** The data of a POST. */
export const post = async (path, body = {}) => (await call("POST", path, { body })).data;

/** Every item of a list, page after page, up to `most`. */
export async function getAll(path, query = {}, most = 600) {
  const items = [];
  const names = {};
  let cursor = "";
  do {
    const page = await get(path, { limit: 200, ...query, cursor });
    items.push(...page.items);
    Object.assign(names, page.names);
    cursor = page.next;
  } while (cursor && items.length < most);
  return { items, names };
}

/** A POST whose answer is a stream of events; calls `on(name, data)` for each. */
export async function stream(path, body, on, signal) {
  const response = await reach(path, {
    method: "POST",
    headers: { ...own(), "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) raise(response.status, await response.json().catch(() => null));
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop();
    for (const block of blocks) readEvent(block, on);
  }
}

/** A file to save, as the server names it. */
export async function download(path, name) {
  const response = await reach(path, { headers: own() });
  if (!response.ok) raise(response.status, await response.json().catch(() => null));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A POST of a file with further fields. */
export async function upload(path, file, fields = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  const response = await reach(path, { method: "POST", headers: own(), body: form });
  const data = await response.json().catch(() => null);
  if (!response.ok) raise(response.status, data);
  return data;
}

/** A key that identifies one wish: sent twice, it has its effect once. */
export const newKey = () => crypto.randomUUID?.() ?? [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16)).join("");

const own = () => ({ "Accept-Language": language(), ...(csrf ? { "X-CSRF-Token": csrf } : {}) });

async function reach(path, options) {
  try {
    return await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { detail: t("error.offline") });
  }
}

function raise(status, data) {
  if (status === 401) window.dispatchEvent(new CustomEvent("signed-out"));
  throw new Problem(status, data);
}

function queryText(query) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null && each !== "") search.append(name, each);
    }
  }
  return search.size ? `?${search}` : "";
}

function readEvent(block, on) {
  let name = "message";
  let data = "";
  for (const line of block.split("\n")) {
    if (line.startsWith("event: ")) name = line.slice(7);
    else if (line.startsWith("data: ")) data += line.slice(6);
  }
  if (data) on(name, JSON.parse(data));
}
