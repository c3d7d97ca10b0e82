"""Who is to own a deal, and who is its main contact, as a clause says it."""

from collections.abc import Iterator

from language.builtin.clauses import Clause, Outline, names_in
from language.builtin.deal_mentions import is_about_deal, is_labelled
from language.builtin.field_change import FieldChange
from language.builtin.patterns import Hit
from language.builtin.words import top_candidates

_IS = frozenset(
    {"is", "as", "our", "the", "their", "be", "becomes", "new", "now", "'s", "是", "当", "做", "为", "作"}
)


def owner_in(outline: Outline, clause: Clause, before: Clause | None) -> Iterator[FieldChange]:
    """The colleague that a deal is handed over to."""
    hit = clause.hit("owner_change")
    if (
        hit is None
        or not (is_about_deal(clause) or is_labelled(before, clause) or _is_owner_of_focus(outline, hit))
        or clause.has("task_word", "task_new")
        or clause.things("lead", "ticket", "task")
    ):
        return
    users = [w for w in outline.words[hit.first : hit.after] if "user" in w.kinds]
    if users:
        users_named = [item.entry for item in top_candidates(users[-1].thing) if item.entry.kind == "user"]  # type: ignore[arg-type]
        yield FieldChange("owner", users_named[0].id if len(users_named) == 1 else users[-1].canon, hit.first)
    elif any(w.canon in ("me", "我") for w in outline.words[hit.first : hit.after]):
        yield FieldChange("owner", "me", hit.first)


def _is_owner_of_focus(outline: Outline, hit: Hit) -> bool:
    """ "Put me down as the owner", said right after an answer on a deal."""
    words = {word.canon for word in outline.words[hit.first : hit.after]}
    return bool(words & {"owner", "负责人"}) and outline.reading.dialogue.is_about_deals


def contact_in(outline: Outline, clause: Clause, before: Clause | None) -> Iterator[FieldChange]:
    """The person named as a deal\'s main contact."""
    hit = clause.hit("main_contact")
    people = names_in(clause, "contact")
    if hit and people:
        # "Ada is the main contact rather than Ben": who is named before the words is meant, else the last behind them.
        start = outline.words[hit.first].start
        ahead = [each for each in people if each.span.start < start]
        is_subject = bool(ahead) and outline.words[hit.first - 1].canon in _IS
        yield FieldChange("contact", (ahead if is_subject else people)[-1].span.text, hit.first)
