// The little of Markdown that answers use, as elements: paragraphs, lists, strong words, code, headings.

import { h } from "../lib/dom.js";

/** The elements of a text. */
export function markdown(text) {
  const blocks = [];
  let list = null;
  let paragraph = null;
  for (const line of text.split("\n")) {
    const item = line.match(/^\s*(?:[-*•]|(\d+)\.)\s+(.*)$/);
    const title = line.match(/^#{1,4}\s+(.*)$/);
    if (item) {
      const kind = item[1] ? "OL" : "UL";
      if (list?.tagName !== kind) blocks.push((list = h(kind.toLowerCase(), item[1] ? { start: Number(item[1]) } : {})));
      list.append(h("li", inline(item[2])));
      paragraph = null;
    } else if (title) {
      blocks.push(h("h3", inline(title[1])));
      list = paragraph = null;
    } else if (!line.trim()) {
      list = paragraph = null;
    } else if (paragraph) {
      paragraph.append(h("br"), ...inline(line));
    } else {
      blocks.push((paragraph = h("p", inline(line))));
      list = null;
    }
  }
  return blocks;
}

function inline(text) {
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((piece) => {
    if (piece.startsWith("**") && piece.endsWith("**") && piece.length > 4) return h("strong", piece.slice(2, -2));
    if (piece.startsWith("`") && piece.endsWith("`") && piece.length > 2) return h("code", piece.slice(1, -1));
    return document.createTextNode(piece);
  });
}
