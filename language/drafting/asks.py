"""Recognises what a message is to ask for, and says it as a question."""

import re

from language.drafting.clauses import is_question
from language.drafting.wording import compiled, load_wording


def ask_of(clause: str, language: str, *, asked: bool = False) -> tuple[str, str] | None:
    """The question's template and what goes in its place, or None when the clause asks nothing.

    With `asked` the clause is known to be an ask, also without a word that says so.
    """
    forms = load_wording("speech")["asks"][language]
    for form in forms:
        found = compiled(form["match"]).match(clause.rstrip("?？。. "))
        if found and (asked or form.get("alone", True)):
            return form["say"], found["rest"].strip()
    if is_question(clause):
        return "{rest}?" if language == "en" else "{rest}？", clause.rstrip("?？ ")
    if asked:
        return _plain_ask(clause, language)
    return None


def default_ask(kind: str, language: str) -> str:
    """The question of a message that has none: `agreed`, `told` or `next`."""
    return str(load_wording("speech")["default_ask"][language][kind])


def _plain_ask(clause: str, language: str) -> tuple[str, str]:
    clause = clause.strip(" .。,，")
    if language == "zh":
        return "请问您{rest}？", clause
    if re.match(
        r"(?:an?|the|his|her|their|your|our|some|any|feedback|comments|confirmation)\b", clause, re.IGNORECASE
    ):
        return "Could you please send me {rest}?", clause
    return "Could you please {rest}?", clause
