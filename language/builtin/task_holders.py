"""Whom a clause gives an existing task to: a colleague named in it, meant by "her", or given something before."""

from language.builtin.clauses import Clause, Outline
from language.builtin.patterns import Hit
from language.builtin.targets import Targets
from language.builtin.words import Word
from language.lexicon import Mention


def given_to(outline: Outline, clause: Clause) -> str:
    """Who is to have a task: "give the audit to Ben", "give her Tom's task", 这条任务转到我名下; empty when none is."""
    give = clause.hit("task_give")
    if give is None:
        return ""
    if give.value.get("who") == "me":
        return outline.reading.situation.asker_id if clause.has("task_word") or clause.things("task") else ""
    users = [
        word
        for i, word in enumerate(outline.words[give.first : give.after], give.first)
        if "user" in word.kinds and not is_owner(outline, i)
    ]
    users = users or _named_before(outline, give)
    mention = users[-1].thing if users else None
    return Targets(outline).person_of(mention, "user").reference if isinstance(mention, Mention) else ""


def same_holder(outline: Outline) -> str:
    """ "His as well": the colleague whom the last turn or this message gave something to."""
    last = outline.reading.dialogue.last
    given = [past.call.arguments for past in last.calls] if last is not None else []
    holders = {str(each.get(name)) for each in given for name in ("owner", "assignee") if each.get(name)}
    known = [entry.id for each in holders if (entry := Targets(outline).get(each)) is not None]
    return known[0] if len(known) == len(holders) == 1 else ""


def is_owner(outline: Outline, i: int) -> bool:
    """ "Priya's quote task": whose it is, not what it is about."""
    return i + 1 < len(outline.words) and outline.words[i + 1].canon in ("'s", "'", "的")


def _named_before(outline: Outline, give: Hit) -> list[Word]:
    """Whom "give her Tom's task" means: the colleague named last before it."""
    return [word for word in outline.words[: give.first] if "user" in word.kinds][-1:]
