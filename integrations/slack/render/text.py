"""Texts for Slack: nothing that records, people or models say can mention, link or format on its own."""

import re

MOST_TEXT_CHARS = 3000
_JOINER = "\u2060"
_SPECIAL = re.compile(r"<(?=[!@#])")
_MARKDOWN_LINK = re.compile(r"!?\[([^\]\n]{0,500})\]\(([^)\s]{1,2000})[^)]*\)")
_SCHEME = re.compile(r"\b(https?|ftp|slack|mailto|tel|file|javascript|data):(?=\S)", re.IGNORECASE)
_FORMAT = re.compile(r"([*_~`])")

# What a person typed, as Slack hands it over.
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_CHANNEL = re.compile(r"<#[A-Z0-9]+\|?([^>]*)>")
_GROUP = re.compile(r"<!(?:subteam\^[A-Z0-9]+\|?|date\^[^|>]*\|)?@?([^>]*)>")
_LINK = re.compile(r"<((?:https?|mailto|tel):[^|>]+)(?:\|([^>]+))?>")


def escape(text: str) -> str:
    """The text for a `mrkdwn` or `plain` field: shown as it stands, without links and mentions."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _unlinked(plain)


def literal(text: str) -> str:
    """The text inside a `mrkdwn` field, with formatting signs kept from formatting."""
    return _FORMAT.sub(lambda match: f"{_JOINER}{match[1]}{_JOINER}", escape(text))


def markdown(text: str, *, allowed: str = "") -> str:
    """Markdown for a `markdown` block: no mention, no picture, no link but below `allowed`."""

    def shown(match: re.Match[str]) -> str:
        label, url = match[1], match[2]
        if allowed and url.startswith(allowed):
            return f"[{label}]({url})"
        return f"{label} ({url})" if label != url else label

    linked = _MARKDOWN_LINK.sub(shown, text)
    safe = _SPECIAL.sub(f"<{_JOINER}", linked)
    return _SCHEME.sub(lambda match: match[0] if _is_allowed(match, allowed) else f"{match[0]}{_JOINER}", safe)


def cut(text: str, limit: int) -> str:
    """The text with at most `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def mentioned(text: str) -> list[str]:
    """Ids of the people that a message mentions."""
    return _MENTION.findall(text)


def said(text: str, *, bot: str, names: dict[str, str]) -> str:
    """What a person wrote, as plain text: no mention of the app, mentions as `names`, links as addresses."""
    without = text.replace(f"<@{bot}>", " ") if bot else text
    named = _MENTION.sub(lambda match: names.get(match[1], "@" + match[1]), without)
    named = _LINK.sub(lambda match: match[1] if match[2] in (None, match[1]) else _labelled(match), named)
    named = _CHANNEL.sub(lambda match: f"#{match[1]}", named)
    named = _GROUP.sub(lambda match: f"@{match[1]}", named)
    plain = named.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.sub(r"[ \t]{2,}", " ", plain).strip()


def _labelled(match: re.Match[str]) -> str:
    label, url = match[2], match[1]
    return label if url in (f"http://{label}", f"mailto:{label}", f"tel:{label}") else f"{label} ({url})"


def _unlinked(text: str) -> str:
    return _SCHEME.sub(lambda match: f"{match[0]}{_JOINER}", text)


def _is_allowed(match: re.Match[str], allowed: str) -> bool:
    return bool(allowed) and match.string.startswith(allowed, match.start())
