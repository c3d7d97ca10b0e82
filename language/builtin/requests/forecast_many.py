"""Several deals put into a forecast category by what they have in common: "both their commits become best case",
"whatever Farah has at Offer counts as commit". Policy asks first.
"""

from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline
from language.builtin.deal_stages import stage_reference
from language.builtin.patterns import Hit
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.targets import Targets
from language.builtin.vocabulary import load_words
from language.builtin.words import Word
from language.lexicon import Mention
from language.spans import cut

_KINDS = ("account", "user", "stage", "date", "amount", "deal", "contact", "task", "ticket", "lead")
_OPEN = {"field": "status", "op": "=", "value": "open"}


@request(precedence=49)
def forecast_many(reading: Reading) -> Intent:
    """One call for each clause that says it of deals by category, stage, account or owner, and of nothing else."""
    outline = reading.outline
    if outline.is_mere_talk or outline.asks_for_draft:
        return Intent()
    calls: list[Call] = []
    spans = []
    for clause in outline.clauses:
        call = _call(outline, clause) if clause.is_plain and clause.has("many_deals") else None
        if call is not None:
            calls.append(call)
            spans.append(cut(reading.text, clause.start, clause.end))
    return Intent(tuple(calls), consumed=tuple(spans))


def _call(outline: Outline, clause: Clause) -> Call | None:
    categories = clause.all("forecast")
    new = categories[-1] if categories else None
    if new is None or not _is_given(outline, clause, new) or _says_more(outline, clause):
        return None
    told = _told(clause, outline, outline.words[clause.first : new.first])
    filters = [*told, *_category(categories[:-1])] if told is not None else []
    if not filters:
        return None
    fields = {"forecast_category": new.value["category"]}
    return Call("update_records", {"kind": "deal", "filters": [*filters, _OPEN], "fields": fields}, clause.start)


def _category(hits: Sequence[Hit]) -> list[dict[str, str]]:
    return [{"field": "forecast_category", "op": "=", "value": hit.value["category"]} for hit in hits[:1]]


def _told(clause: Clause, outline: Outline, words: Sequence[Word]) -> list[dict[str, str]] | None:
    """Whose deals, of which account and in which stage; None where one of these is not certain."""
    found: list[tuple[str, str]] = []
    targets = Targets(outline)
    for word in words:
        if "account" in word.kinds and isinstance(word.thing, Mention):
            found.append(("account", _certain(targets.account_of(word.thing).entry)))
        elif "user" in word.kinds and isinstance(word.thing, Mention):
            found.append(("owner", _certain(targets.person_of(word.thing, "user").entry)))
        elif "stage" in word.kinds:
            found.append(("stage", stage_reference(word.thing)))
        elif word.canon in ("my", "mine", "i"):
            found.append(("owner", "me"))
        elif word.canon in load_words("record_words")["there"]:
            said = targets.accounts_said(until=clause.first)
            found.append(("account", said[-1] if said else ""))
    if not all(value for _, value in found) or len({name for name, _ in found}) < len(found):
        return None
    return [{"field": name, "op": "=", "value": value} for name, value in found]


def _certain(entry: object) -> str:
    return str(getattr(entry, "id", "") or "")


def _is_given(outline: Outline, clause: Clause, new: Hit) -> bool:
    """Whether the last category of a clause is what the deals get: "become …", "to …", "count as …"."""
    before = outline.words[clause.first : new.first + 1][-3:]
    return any(word.canon in load_words("forecast_many")["gives"] for word in before)


def _says_more(outline: Outline, clause: Clause) -> bool:
    """Whether words stand in a clause that may narrow the deals, so that nobody guesses."""
    told = {
        i for hit in clause.all("forecast", "many_deals", "polite", "joint") for i in range(hit.first, hit.after)
    }
    small = load_words("forecast_many")["small"]
    return any(
        i not in told and _is_content(word) and word.canon not in small
        for i, word in enumerate(clause.words, clause.first)
    )


def _is_content(word: Word) -> bool:
    is_known = bool(word.kinds) and bool(word.kinds & {"account", "user", "stage"})
    return word.canon[0].isalnum() and not is_known
