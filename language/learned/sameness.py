"""Whether a call of the phrases and one that the network reads are the same: then they are joined, not made twice."""

from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.claims import claimed_by_creations
from language.builtin.clauses import Outline
from language.builtin.meta_patterns import sounds_asked
from language.builtin.new_record import EDGES
from language.builtin.questions.followups import READ_TOOLS
from language.builtin.vocabulary import patterns
from language.learned.calls import LearnedCall
from language.learned.thresholds import VERY_SURE, certainty, clauses_of
from language.script import has_cjk

# From that chance on an interaction with other people is another one.
ANOTHER = 0.8


def is_same(outline: Outline, call: Call, learned: LearnedCall) -> bool:
    """Whether both are about the same thing."""
    if call.tool != learned.tool:
        return False
    if call.tool == "update_deal":
        return call.arguments.get("deal") == learned.about.get("deal")
    if call.tool in ("update_task", "delete_record"):
        name = "task" if call.tool == "update_task" else "record"
        return call.arguments.get(name) == learned.about.get(name)
    if call.tool == "update_record":
        return call.arguments.get("record") == learned.about.get("record")
    if call.tool == "create_task":
        return _is_same_task(outline, call, learned)
    called = "subject" if call.tool == "create_ticket" else "name"
    name = str(call.arguments.get(called, ""))
    is_named = called in learned.values and share(name, str(learned.values[called].said)) >= 0.5
    return is_named or _is_there(outline, call, learned)


def is_taken(outline: Outline, call: Call, learned: LearnedCall) -> bool:
    """Whether phrases read these words as another change of a task or record, a new task as an old one or a question,
    the day of a task as that of a deal, a new person as one who took part, or found this interaction already."""
    if call.tool == "update_deal" and learned.tool == "update_task" and "due" in learned.values:
        return bool(call.arguments.get("close_date") == learned.values["due"].said)
    if call.tool == "create_task" and learned.tool == "update_task" and _is_there(outline, call, learned):
        return True
    is_very_sure = certainty(learned) >= VERY_SURE
    is_question = call.tool in READ_TOOLS and sounds_asked(outline.reading.text)
    if learned.tool == "create_task" and (
        is_question or call.tool == "update_task" or (call.tool == "get_record" and not is_very_sure)
    ):
        return _is_there(outline, call, learned) or _is_of_task(outline, call, learned)
    if learned.tool == "update_deal" and call.tool in READ_TOOLS:
        return not learned.act.all("on") and _is_there(outline, call, learned)
    if call.tool == "log_interaction" and learned.tool in ("create_lead", "create_contact"):
        return not outline.has("create", "add_person") and _took_part(call, learned)
    if call.tool == "create_deal" and learned.tool == "update_deal":
        return _is_of_new_deal(outline, call, learned)
    if call.tool != learned.tool or call.tool == "update_deal":
        return False
    if call.tool in ("update_task", "update_record", "delete_record") and _means_several(learned):
        return False
    is_another = call.tool == "log_interaction" and learned.act.sure >= ANOTHER and _differs(call, learned)
    return not is_another if call.tool == "log_interaction" else _is_there(outline, call, learned)


def _is_of_task(outline: Outline, call: Call, learned: LearnedCall) -> bool:
    """Whether a new task has the words of the one that changes: "I need to see the audit report, pull that task"."""
    task = outline.reading.situation.lexicon.get(str(call.arguments.get("task", "")))
    return task is not None and share(task.name, str(learned.values["title"].said)) >= 0.5


def _took_part(call: Call, learned: LearnedCall) -> bool:
    """ "Log a call with Ana Ruiz of Bluefin": whoever took part in what is logged is nobody who is to be created."""
    name = learned.values.get("name")
    told = [call.arguments.get("account"), call.arguments.get("lead"), *call.arguments.get("contacts", ())]
    return name is not None and str(name.said) in told


def _means_several(learned: LearnedCall) -> bool:
    """ "They all", "all but the pilot": each of the records is changed by a call of its own."""
    said = [part.text.strip(EDGES).casefold() for part in learned.act.all("which", "on")]
    wholes = [*patterns("references", "all"), *patterns("references", "all_but")]
    return any(whole.fullmatch(text) for whole in wholes for text in said)


def _is_of_new_deal(outline: Outline, call: Call, learned: LearnedCall) -> bool:
    """Whether what changes is told of the deal that is created: "open a deal …. Next step is a call with Petra"."""
    claimed = claimed_by_creations(outline)
    told = {each.sentence for each in outline.clauses if each.index in claimed and each.end > call.at}
    places = [value.part.first for value in learned.values.values()]
    inside = [each for each in outline.clauses if each.sentence in told and not each.things("deal")]
    return bool(places) and all(any(each.first <= at < each.after for each in inside) for at in places)


def _differs(call: Call, learned: LearnedCall) -> bool:
    """Whether two interactions are with other people and of another type or day, so that neither is the other one."""
    given = call.given()
    type_, people = learned.values.get("type"), learned.values.get("contacts")
    if type_ is None or people is None or not given.get("contacts"):
        return False
    return not set(people.said) & set(given["contacts"])


def _is_there(outline: Outline, call: Call, learned: LearnedCall) -> bool:
    """Whether a call was asked for where the act stands."""
    words = outline.words[learned.act.first : learned.act.after]
    return words[0].start <= call.at < words[-1].end


def _is_same_task(outline: Outline, call: Call, learned: LearnedCall) -> bool:
    """Tasks are the same that share half of their words, stand at one place, or in one clause with its day."""
    given, due = call.given(), learned.values.get("due")
    is_near = any(each.start <= call.at < each.end for each in clauses_of(outline, learned))
    return (
        share(str(given.get("title", "")), str(learned.values["title"].said)) >= 0.5
        or (is_near and due is not None and given.get("due") == due.said)
        or _is_there(outline, call, learned)
    )


def share(one: str, other: str) -> float:
    """Which share of the words of the shorter text the other one has."""
    ours, theirs = (set(words_in(text)) for text in (one, other))
    return len(ours & theirs) / max(1, min(len(ours), len(theirs)))


def words_in(text: str) -> Sequence[str]:
    """The words of a text; of a Chinese one its signs."""
    return [sign for sign in text.casefold() if sign.isalnum()] if has_cjk(text) else text.casefold().split()
