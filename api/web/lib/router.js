// Addresses of the page: real ones, so that a link to a deal can be sent and the browser's back works.

const routes = [];
let onChange = () => {};

/** Registers what an address shows: route("/records/:kind/:id", view). */
export function route(pattern, view) {
  const names = [];
  const expression = pattern.replace(/:(\w+)/g, (_, name) => (names.push(name), "([^/]+)"));
  routes.push({ expression: new RegExp(`^${expression}$`), names, view });
}

/** What the present address shows: {view, parameters, query}. */
export function resolve() {
  for (const { expression, names, view } of routes) {
    const match = location.pathname.match(expression);
    if (match) {
      const parameters = Object.fromEntries(names.map((name, place) => [name, decodeURIComponent(match[place + 1])]));
      return { view, parameters, query: new URLSearchParams(location.search) };
    }
  }
  return null;
}

/** Goes to an address of the page. */
export function go(path, { replace = false } = {}) {
  if (path !== location.pathname + location.search) history[replace ? "replaceState" : "pushState"](null, "", path);
  onChange();
}

/** Calls `listener` on every change of address; clicks on links within the page do not load it anew. */
export function start(listener) {
  onChange = listener;
  window.addEventListener("popstate", listener);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='/']");
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || link.target || link.hasAttribute("download")) return;
    event.preventDefault();
    go(link.getAttribute("href"));
  });
  listener();
}
