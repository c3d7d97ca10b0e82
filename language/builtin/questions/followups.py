"""Questions that change one thing of the last one: "And Tomas?", "only the big ones", "by stage", 小王呢"""

from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.dialogue import PastCall, PastTurn
from language.builtin.questions.accounts_meant import account_pointed_at
from language.builtin.questions.followup_changes import CHANGES
from language.builtin.questions.marks import Mark, Marks, find_marks
from language.builtin.questions.metrics import kind_counted
from language.builtin.questions.shape import grouping, is_superlative
from language.builtin.questions.slots import Slots
from language.builtin.reading import Reading

READ_TOOLS = frozenset({"list_records", "get_record", "query_metric", "search_interactions", "review_deals"})
_PIPELINES = frozenset({"pipeline_value", "weighted_pipeline"})
_OF_SEVERAL = ("list_records", "query_metric")
_NARROWING_KINDS = frozenset({"user", "account", "stage", "product"})
_MODIFYING = (
    "compare_op", "state", "value", "choice", "currency", "follow", "scope", "limit", "number", "shift",
    "empty", "negation", "pronoun",
)  # fmt: skip
_NARROWING = ("compare_op", "follow", "negation")
_TALKS_ANEW = ("brief", "review", "next_action", "rule")


def last_questions(slots: Slots) -> list[list[Call]]:
    """The read calls that this clause may follow, likeliest first: of this message, or of the last turns."""
    if slots.earlier is not None:
        return [[slots.earlier]]
    together = [_asked_together(turn) for turn in reversed(slots.reading.dialogue.turns[-3:])]
    return [calls for calls in together if calls]


def _asked_together(turn: PastTurn) -> list[Call]:
    """The last read call of a turn; of figures all that were asked for there ("how many and how much")."""
    calls = [past.call for past in turn.calls if past.call.tool in READ_TOOLS and not _misfired(past)]
    if calls and calls[-1].tool == "query_metric":
        return [call for call in calls if call.tool == "query_metric"]
    return calls[-1:]


def _misfired(past: PastCall) -> bool:
    """Whether a list or figure was asked for wrongly; one that only named somebody unknown was understood."""
    unknown = past.failed and past.result["error"] == "not_found"
    return past.failed and not unknown and past.call.tool in ("list_records", "query_metric")


def followup_calls(slots: Slots) -> list[Call]:
    """The last question's calls with what this clause changes; none when the clause stands for itself."""
    for together in last_questions(slots):
        last = together[-1]
        if _ranks_people(slots, last):
            arguments = {**last.arguments, "scope": "", "group_by": "owner"}
            return [Call(last.tool, arguments, slots.at)]
        if not _depends(slots, last):
            continue
        changed = [each for call in together for each in CHANGES[call.tool](slots, call.arguments)]
        if slots.clause.force == "told":
            changed = [each for each in changed if each != (last.tool, dict(last.arguments))]
        if changed:
            return _each_once([Call(tool, arguments, slots.at) for tool, arguments in changed])
    return []


def _each_once(calls: Sequence[Call]) -> list[Call]:
    return [call for number, call in enumerate(calls) if call not in calls[:number]]


def _ranks_people(slots: Slots, last: Call) -> bool:
    """ "Who has the most?" after somebody's figure: the same figure of everybody."""
    ranked = slots.has("rank") or slots.has("sort")
    ranked = ranked and not is_superlative(slots, strictly=True)
    anew = slots.kinds or slots.has("metric") or slots.things
    return last.tool == "query_metric" and slots.has("ask", "who") and ranked and not anew and slots.is_fragment


def _depends(slots: Slots, last: Call) -> bool:
    if last.tool == "list_records" and any(
        kind != last.arguments.get("kind") and account_pointed_at(slots, kind) for kind in slots.kinds
    ):
        return False
    if slots.is_fragment and _asks_which(slots, last):
        return True
    if "those" in slots.values("pronoun") and slots.has("rule") and slots.dates and last.tool == "list_records":
        return True
    if any(mark.has(role) and not mark.has("follow") for mark in slots.marks for role in _TALKS_ANEW):
        return False
    pointing = "those" in slots.values("pronoun")
    if pointing or slots.has("follow"):
        return pointing or slots.is_fragment or bool(slots.things)
    if not slots.is_fragment or (slots.has("recall") and not grouping(slots)):
        return False
    if _weighs_the_same(slots, last) or _is_behind_figure(slots, last) or _compares_it(slots, last):
        return True
    if slots.has("also") and slots.kinds and last.tool == "list_records":
        return True
    if _measures_the_same(slots, last):
        return True
    kind = last.arguments.get("kind") or kind_counted(str(last.arguments.get("metric", "")))
    same = set(slots.kinds) <= {kind} and not (slots.scopes or slots.things or slots.dates)
    superlative = slots.has("sort") and (not slots.has("kind") or same) and not slots.has("metric")
    return superlative or _changes_only(slots, last)


def _measures_the_same(slots: Slots, last: Call) -> bool:
    """ "How much is that in total?", 总共多少钱: a count or sum of what was just shown, with nothing said anew."""
    kind = last.arguments.get("kind") or kind_counted(str(last.arguments.get("metric", "")))
    same = set(slots.kinds) <= {kind} and last.tool in ("query_metric", "list_records")
    told_anew = slots.scopes or slots.dates or slots.has("metric")
    part = "person" in slots.values("pronoun") and bool(slots.named("account", "product", "stage"))
    measured = slots.has("measure") or (part and slots.has("share"))
    return same and measured and not told_anew and (part or not slots.things)


def _weighs_the_same(slots: Slots, last: Call) -> bool:
    """ "Weighted?", 不加权呢: the same pipeline in the other way."""
    named = set(slots.values("metric"))
    anew = slots.kinds or slots.scopes or slots.things or slots.dates
    return bool(named) and named <= _PIPELINES and last.arguments.get("metric") in _PIPELINES and not anew


def _compares_it(slots: Slots, last: Call) -> bool:
    """ "How does that compare with last year": the figure of another time."""
    anew = slots.kinds or slots.things or slots.has("metric")
    return last.tool == "query_metric" and slots.has("compare") and bool(slots.dates) and not anew


def _is_behind_figure(slots: Slots, last: Call) -> bool:
    """ "…, and the open deals that are in it": the records of the figure asked for in the same message."""
    kind = kind_counted(str(last.arguments.get("metric", "")))
    same_message = slots.earlier is not None and last.tool == "query_metric"
    return same_message and slots.kinds == [kind] and "it" in slots.values("pronoun") and not slots.scopes


def _asks_which(slots: Slots, last: Call) -> bool:
    """ "Which ones?", 谁的单, 哪些客户的: the records behind the last answer, with nothing said anew."""
    kind = last.arguments.get("kind") or kind_counted(str(last.arguments.get("metric", "")))
    told = set(slots.values("field")) - {"owner", "assignee", "account"}
    if any(mark.has("field") and mark.text.lower().startswith("the ") for mark in slots.marks):
        return False
    narrowed = slots.scopes or slots.things or slots.dates or slots.has("metric") or slots.has("measure")
    return (
        last.tool in ("query_metric", "list_records")
        and bool(slots.kinds or slots.has("field", "owner") or _only_asks(slots))
        and set(slots.kinds) <= {kind, "account"}
        and slots.has("ask", "which", "who")
        and not (told or narrowed or slots.has("state") or slots.has("value") or slots.has("empty"))
    )


def _only_asks(slots: Slots) -> bool:
    """ "Which ones", 是哪几单: nothing but the question word."""
    return all(mark.is_filler or mark.has("ask") for mark in slots.marks)


def _changes_only(slots: Slots, last: Call) -> bool:
    """Nothing but modifiers: a person, a period, a value, a grouping; in the same message also a measure."""
    same_message = slots.earlier is not None
    by = grouping(slots)
    named = [mark for mark in slots.marks if not (by and (mark.has("dimension") or mark.has("group")))]
    if slots.has("empty") and last.tool == "list_records":
        return not slots.has("kind")
    anew = any(
        mark.has("kind") or mark.has("metric") or (mark.has("field") and not mark.has("value")) for mark in named
    )
    if same_message:
        anew = slots.has("kind") and not slots.has("measure")
        return (
            not anew
            and last.tool in ("query_metric", "list_records")
            and (slots.has("metric") or slots.has("measure") or slots.has("scope"))
        )
    modifies = (
        slots.things
        or slots.dates
        or slots.has("value")
        or slots.has("state")
        or grouping(slots)
        or slots.has("compare_op")
        or slots.has("scope")
        or slots.has("shift")
        or slots.has("currency")
    )
    return not anew and bool(modifies) and not slots.has("ask", "what", "who", "when", "why", "how", "whether")


def only_narrows(marks: Marks, reading: Reading) -> bool:
    """Whether words that tell nothing by themselves can only narrow the list or figure just shown: "over 50k"."""
    telling = [mark for mark in marks if not mark.is_filler]
    return (
        _is_shown(reading) and bool(telling) and not marks.leftovers and all(_modifies(mark) for mark in telling)
    )


def narrows_shown(reading: Reading) -> bool:
    """Whether a message does nothing but narrow what was just shown: "just those above 80k", "without the Halden
    ones"."""
    if not _is_shown(reading):
        return False
    marks = find_marks(reading)
    return only_narrows(marks, reading) and any(mark.has(role) for mark in marks for role in _NARROWING)


def _is_shown(reading: Reading) -> bool:
    last = reading.dialogue.last
    return last is not None and bool(last.calls) and all(past.call.tool in _OF_SEVERAL for past in last.calls)


def _modifies(mark: Mark) -> bool:
    named = {each.entry.kind for each in mark.mention.candidates} if mark.mention else set()
    if named:
        return bool(named & _NARROWING_KINDS)
    return bool(mark.date or mark.amount) or any(mark.has(role) for role in _MODIFYING)
