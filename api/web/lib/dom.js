// Builds elements. Text is always set as text, so nothing from a record can become markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element: h("button.primary", {onclick, disabled}, "Save", child). Nothing, false and null children are left out. */
export function h(selector, properties, ...children) {
  return build(document.createElement(selector.split(/[.#]/)[0] || "div"), selector, properties, children);
}

/** The same for SVG. */
export function svg(selector, properties, ...children) {
  return build(document.createElementNS(SVG, selector.split(/[.#]/)[0]), selector, properties, children);
}

function build(element, selector, properties, children) {
  for (const [, sign, name] of selector.matchAll(/([.#])([\w-]+)/g)) {
    if (sign === "#") element.id = name;
    else element.classList.add(name);
  }
  if (properties instanceof Node || typeof properties !== "object" || properties === null || Array.isArray(properties)) {
    children = [properties, ...children];
    properties = {};
  }
  for (const [name, value] of Object.entries(properties)) setProperty(element, name, value);
  append(element, children);
  return element;
}

function setProperty(element, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "style") for (const [key, each] of Object.entries(value)) element.style.setProperty(key, each);
  else if (name === "dataset") Object.assign(element.dataset, value);
  else if (name in element && !(element instanceof SVGElement) && name !== "list") element[name] = value;
  else element.setAttribute(name, value === true ? "" : value);
}

/** Adds children; strings become text. */
export function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === undefined || child === null || child === false || child === "") continue;
    element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/** Replaces everything in an element. */
export function fill(element, ...children) {
  element.replaceChildren();
  return append(element, children);
}

/** A small drawn sign, hidden from screen readers. */
export function icon(name, label) {
  const element = svg("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": label ? null : "true", role: label ? "img" : null, "aria-label": label });
  for (const path of ICONS[name] ?? []) element.append(svg("path", { d: path }));
  return element;
}

const ICONS = {
  chat: ["M4 5.5h16v11H10l-4.5 3.5v-3.5H4z"],
  today: ["M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4", "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z"],
  board: ["M4 4h4.5v16H4zM10 4h4.5v11H10zM16 4h4v7h-4z"],
  accounts: ["M5 20V6l7-3 7 3v14M9 20v-4h6v4M9 9h.01M15 9h.01M9 12.5h.01M15 12.5h.01M3 20h18"],
  forecast: ["M4 20h16M5 16l4.5-5 3.5 3L19 6M15 6h4v4"],
  audit: ["M12 7v5l3.5 2", "M4 12a8 8 0 1 0 2.5-5.8L4 8.5M4 4v4.5h4.5"],
  approvals: ["M9 12.5l2.2 2.2L15.5 10", "M12 3l7 3v6c0 4.5-3 7.7-7 9-4-1.3-7-4.5-7-9V6z"],
  admin: ["M4 7h10M18 7h2M4 17h2M10 17h10", "M16 5v4M8 15v4"],
  more: ["M5 12h.01M12 12h.01M19 12h.01"],
  voice: ["M12 4a2.5 2.5 0 0 0-2.5 2.5v5a2.5 2.5 0 0 0 5 0v-5A2.5 2.5 0 0 0 12 4z", "M6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3.5"],
  send: ["M5 12h13M12 5l7 7-7 7"],
  undo: ["M9 8 5 12l4 4", "M5 12h9a5 5 0 0 1 5 5v1"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  close: ["M6 6l12 12M18 6 6 18"],
  search: ["M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM20 20l-4-4"],
  plus: ["M12 5v14M5 12h14"],
  out: ["M14 4h5v16h-5M10 8l-4 4 4 4M6 12h9"],
  back: ["M14 6l-6 6 6 6"],
  move: ["M8 7l-4 5 4 5M16 7l4 5-4 5M4 12h16"],
  warn: ["M12 4 2.8 20h18.4zM12 10v4M12 17h.01"],
  copy: ["M9 9h11v11H9zM15 9V4H4v11h5"],
  flag: ["M6 21V4h11l-2 4 2 4H6"],
};
