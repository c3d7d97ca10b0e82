"""The wording of a task's title: trimmed at its edges, or joined from two clauses."""

from language.builtin.vocabulary import load_words


def trimmed(text: str) -> str:
    """Without the little words and signs that join a title to what stands before and after it."""
    edges = load_words("titles")
    signs = " \t\n,.;:!?-–—()\"'“”‘’，。；：！？、（）"
    changed = True
    while changed:
        before = text
        text = text.strip(signs)
        for word in edges["before"]:
            size = len(word)
            if not word.isascii() and text.startswith(tuple(edges["whole_zh"])):
                break
            if text.lower().startswith(word) and (not word.isascii() or not text[size : size + 1].isalpha()):
                text = text[size:]
                break
        for word in edges["after"]:
            size = len(text) - len(word)
            if (
                text.lower().endswith(word)
                and size >= 0
                and (not word.isascii() or not text[size - 1 : size].isalpha())
            ):
                text = text[:size]
                break
        changed = text != before
    return text


def needs_more(title: str) -> bool:
    """Whether a title points back ("that", 发给他) or says nothing."""
    words = load_words("titles")
    bare = title.lower().strip()
    for part in words["pointing_zh"] if not bare.isascii() else ():
        bare = bare.replace(part, "")
    return not bare or bare in words["pointing"]


def joined(before: str, title: str) -> str:
    """Both texts as one title; a title that only points back gives way."""
    if not title or title.lower() in load_words("titles")["pointing"]:
        return before
    sign = "，" if not title.isascii() else ", "
    return f"{before}{sign}{title}" if before else title
