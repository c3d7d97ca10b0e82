"""New tasks and reminders: one call for each thing to do, with its day, who does it and what it is about."""

from collections.abc import Sequence

from language.builtin.calls import Call
from language.builtin.clauses import Clause, Outline
from language.builtin.encounter_people import absent_in
from language.builtin.listed import last_listed
from language.builtin.partly_named import only_partly_named
from language.builtin.plan import request
from language.builtin.reading import Reading
from language.builtin.remind_times import spoken_due, without_clock, without_wait
from language.builtin.targets import Target, Targets
from language.builtin.todo import ABOUT, Todo, find_todos
from language.builtin.vocabulary import load_words
from language.builtin.words import Word
from language.learned.strangers import unknown_participants
from language.lexicon import Entry, Mention
from language.script import has_cjk

_MOST_LISTED = 5
_THIN = 2
_THIN_ZH = 3


@request(precedence=400)
def create_tasks(reading: Reading) -> Sequence[Call]:
    """The tasks that a message asks for, or that somebody of ours owes by a day."""
    outline = reading.outline
    calls: list[Call] = []
    for todo in find_todos(outline):
        people = _colleagues_each(outline, todo)
        if people:
            calls += [_call(outline, todo, person, links_of(outline, todo)) for person in people]
        elif todo.is_per_record and (listed := _listed_deals(outline)):
            calls += [_call(outline, todo, _assignee(outline, todo), each) for each in listed]
        elif any(
            hit.first <= todo.trigger.after for clause in todo.clauses for hit in clause.all("assignee_each")
        ):
            calls += _one_each(outline, todo)
        else:
            calls.append(_call(outline, todo, _assignee(outline, todo), links_of(outline, todo)))
    return calls


def _call(outline: Outline, todo: Todo, assignee: str, links: dict[str, str]) -> Call:
    title, ahead = without_wait(title_with_names(outline, todo, links), _said_with(outline, todo))
    if not (ahead or todo.due):
        title, ahead = without_clock(title)
    arguments = {
        "title": title[:1].upper() + title[1:],
        "due": ahead or (spoken_due(outline.reading.text, todo.due) if todo.due else ""),
        "assignee": assignee,
        **links,
        "priority": _priority(todo.clauses),
    }
    return Call("create_task", arguments, todo.at)


def _said_with(outline: Outline, todo: Todo) -> str:
    """What was said of a task, from the end of what came before it: 2小时后提醒我…… begins before its clause."""
    first, last = todo.clauses[0], todo.clauses[-1]
    before = [clause.end for clause in outline.clauses[: first.index] if clause.has("task_new")]
    return outline.own_text(max(before, default=0), last.end)


def _colleagues_each(outline: Outline, todo: Todo) -> list[str]:
    """ "Priya and Ella each need a task": the colleagues named right before or in the trigger, when several are."""
    if not any(clause.has("assignee_each") for clause in todo.clauses):
        return []
    words = outline.words[todo.clauses[0].first : todo.trigger.after]
    people = [word.thing for word in words if "user" in word.kinds]
    found = [Targets(outline).person_of(each, "user").reference for each in people if isinstance(each, Mention)]
    return found if len(found) > 1 else []


def _one_each(outline: Outline, todo: Todo) -> list[Call]:
    """ "Each of them gets a task": one for the owner of each deal named before."""
    targets = Targets(outline)
    deals: dict[str, Entry] = {}
    for word in outline.words[: todo.clauses[0].first]:
        if "deal" in word.kinds and isinstance(word.thing, Mention):
            entry = targets.deal_of_mention(word.thing).entry
            if entry is not None:
                deals[entry.id] = entry
    return [
        _call(outline, todo, deal.owner_id or "", {"deal": deal.id, "account": deal.account_id or ""})
        for deal in deals.values()
    ]


def _listed_deals(outline: Outline) -> list[dict[str, str]]:
    """ "One task on each of these": the links of tasks on the deals of the last list; none beside a named deal."""
    rows = last_listed(outline.reading.dialogue, "deal")
    if any("deal" in word.kinds for word in outline.words) or not 1 < len(rows) <= _MOST_LISTED:
        return []
    entries = [Targets(outline).get(row["id"]) for row in rows]
    return [{"deal": each.id, "account": each.account_id or ""} for each in entries if each is not None]


def _assignee(outline: Outline, todo: Todo) -> str:
    """Who is to do it: named beside the trigger, meant by "her", or empty for the asker."""
    named = outline.words[todo.trigger.first : todo.trigger.after]
    said_me = any(word.canon in ("me", "myself", "我") for word in named)
    if said_me and (todo.trigger.tag == "promise" or not any("user" in word.kinds for word in named)):
        return ""
    words = outline.words[max(todo.clauses[0].first, todo.trigger.first - 3) : todo.trigger.after + 2]
    for i, word in enumerate(words):
        if "user" in word.kinds and isinstance(word.thing, Mention):
            following = words[i + 1].canon if i + 1 < len(words) else ""
            if following not in ("'s", "'"):
                return Targets(outline).person_of(word.thing, "user").reference
    if under := _under_whom(outline, todo):
        return under
    if addressed := _addressed(outline, todo):
        return addressed
    if asked := todo.doer or _asked_whether(outline, todo):
        return asked
    if todo.trigger.tag in ("task_new", "delegate") and _gives_to_pronoun(outline, todo):
        return _last_user(outline, todo) or Targets(outline).user_in_focus()
    return ""


def _under_whom(outline: Outline, todo: Todo) -> str:
    """…，任务记她名下: the colleague whom a clause behind the task gives it to."""
    last = todo.clauses[-1]
    near = [each for each in outline.clauses[last.index : last.index + 3] if each.sentence == last.sentence]
    for hit in (hit for clause in near for hit in clause.all("task_owner")):
        named = [word.thing for word in outline.words[hit.first : hit.after] if "user" in word.kinds]
        if named and isinstance(named[0], Mention):
            return Targets(outline).person_of(named[0], "user").reference
        return _last_user(outline, todo) or Targets(outline).user_in_focus()
    return ""


def _asked_whether(outline: Outline, todo: Todo) -> str:
    """ "Can Marcus prepare the update by Thursday? Create a task": the colleague who is asked about."""
    words = [word for word in todo.clauses[0].words if word.canon[0].isalnum()][:2]
    asks = len(words) == 2 and words[0].canon in ("can", "could", "will", "would", "should", "may", "might")
    if asks and "user" in words[1].kinds and isinstance(words[1].thing, Mention):
        return Targets(outline).person_of(words[1].thing, "user").reference
    return ""


def _addressed(outline: Outline, todo: Todo) -> str:
    """ "Ella: please follow up with Leah": the colleague whom the order is addressed to."""
    if todo.trigger.tag not in ("do_later", "do_then"):
        return ""
    before = outline.clauses[todo.clauses[0].index - 1] if todo.clauses[0].index else None
    own = todo.clauses[0].words[: max(0, todo.trigger.first - todo.clauses[0].first)]
    words = own or (before.words if before is not None else [])
    small = load_words("titles")["addressed"]
    said = [word for word in words if word.canon[0].isalnum() and word.canon not in small]
    if len(said) == 1 and "user" in said[0].kinds and isinstance(said[0].thing, Mention):
        return Targets(outline).person_of(said[0].thing, "user").reference
    return ""


def _gives_to_pronoun(outline: Outline, todo: Todo) -> bool:
    pronouns = (*load_words("people")["pronouns"], *load_words("task_words")["theirs"])
    return any(word.canon in pronouns for word in outline.words[todo.trigger.first : todo.trigger.after + 1])


def _last_user(outline: Outline, todo: Todo) -> str:
    words = [
        word
        for word in outline.words[: todo.trigger.first]
        if "user" in word.kinds and isinstance(word.thing, Mention)
    ]
    return Targets(outline).person_of(words[-1].thing, "user").reference if words else ""  # type: ignore[arg-type]


def links_of(outline: Outline, todo: Todo) -> dict[str, str]:
    """The deal, contact and account it is about: named in it, else the only ones of the message, else those
    in focus."""
    targets = Targets(outline)
    own = [word for clause in todo.clauses for word in clause.words]
    contact = _contact(outline, todo, own)
    deal = _deal(outline, targets, todo, own, contact)
    account = _account(targets, own, contact, deal)
    if not (account or deal or contact):
        said = targets.accounts_said()
        account = said[0] if len(said) == 1 else ""
    return {
        "deal": deal.reference if deal else "",
        "contact": contact.reference if contact else "",
        "account": account,
    }


def _contact(outline: Outline, todo: Todo, own: Sequence[Word]) -> Target | None:
    targets = Targets(outline)
    named = [word.thing for word in own if "contact" in word.kinds and isinstance(word.thing, Mention)]
    if not named and _has_pronoun(todo):
        absent = [word for clause in outline.clauses for word in absent_in(outline, clause)]
        before = [
            word.thing
            for word in outline.words[: todo.clauses[0].first]
            if "contact" in word.kinds and isinstance(word.thing, Mention) and word not in absent
        ]
        named = [each for each in before[-1:] if isinstance(each, Mention)]
    if not named and todo.trigger.tag in ("do_then", "promise", "do_later") and not _names_other(own):
        people = {word.canon: word.thing for word in outline.words if "contact" in word.kinds}
        named = [each for each in people.values() if isinstance(each, Mention)] if len(people) == 1 else []
    if not named:
        is_meant = _has_pronoun(todo) and not unknown_participants(outline)
        focus = outline.reading.dialogue.focus("contact") if is_meant else None
        entry = targets.get(focus[0]) if focus else None
        return Target(entry.id, entry) if entry else None
    found = targets.person_of(named[0], "contact", targets.accounts_said())
    return found if found.entry else None


def _names_other(own: Sequence[Word]) -> bool:
    return any(word.kinds & {"account", "deal", "lead", "user"} for word in own)


def _has_pronoun(todo: Todo) -> bool:
    words = todo.title.casefold().replace(",", " ").split()
    pronouns = [str(each) for each in load_words("people")["pronouns"]]
    return any(each in words if each.isascii() else each in todo.title for each in pronouns) or any(
        word.canon in pronouns for clause in todo.clauses if clause.has("promise") for word in clause.words
    )


def _deal(
    outline: Outline, targets: Targets, todo: Todo, own: Sequence[Word], contact: Target | None
) -> Target | None:
    named = [word.thing for word in own if "deal" in word.kinds and isinstance(word.thing, Mention)]
    if named:
        found = targets.deal_of_mention(named[0], ours=False)
        return found if found.entry else None
    said = {}
    for word in outline.words:
        if "deal" in word.kinds and isinstance(word.thing, Mention):
            target = targets.deal_of_mention(word.thing)
            said[target.reference] = target
    if len(said) == 1:
        only = next(iter(said.values()))
        home = contact.account_id if contact else None
        return only if only.entry and home in (None, only.account_id) else None
    accounts = targets.accounts_said()
    if not said and len(accounts) == 1 and (listed := targets.listed_deal_of(accounts[0])):
        return Target(listed.id, listed)
    if said:
        return None
    if (partly := _partly_named(outline, targets, accounts)) is not None:
        return partly
    if (picked := _picked_deal(outline, targets, todo)) and (not accounts or picked.account_id in accounts):
        return picked
    of_value = any(clause.has("it_value") for clause in todo.clauses)
    return _deal_in_focus(outline, targets, accounts) if of_value or _leans_back(outline, todo, accounts) else None


def _leans_back(outline: Outline, todo: Todo, accounts: Sequence[str]) -> bool:
    return not accounts and _points_back(outline, todo)


def _partly_named(outline: Outline, targets: Targets, accounts: Sequence[str]) -> Target | None:
    """The deal of the only account that the message names by a part of its name."""
    account = targets.get(accounts[0]) if len(accounts) == 1 else None
    partly = only_partly_named(targets.open_deals(account.id), account, outline.text) if account else None
    return Target(partly.id, partly) if partly is not None else None


def _deal_in_focus(outline: Outline, targets: Targets, accounts: Sequence[str]) -> Target | None:
    focus = outline.reading.dialogue.focus("deal")
    entry = targets.get(focus[0]) if focus else None
    return Target(entry.id, entry) if entry and (not accounts or entry.account_id in accounts) else None


def _points_back(outline: Outline, todo: Todo) -> bool:
    """Whether "it" stands before or in the title: "remind me to pack, I always forget it" is about no deal."""
    at = outline.text.casefold().find(todo.title.casefold())
    end = at + len(todo.title) if at >= 0 else len(outline.text)
    return any(outline.words[hit.first].start < end for clause in todo.clauses for hit in clause.all("it"))


def _picked_deal(outline: Outline, targets: Targets, todo: Todo) -> Target | None:
    """金额最大的那单，给他建个待办: the deal of the last list that the task or the words before it point at."""
    first = todo.clauses[0]
    before = [each for each in outline.clauses[: first.index] if each.sentence == first.sentence][-1:]
    pointing = [each for each in (*before, *todo.clauses) if each.has("pick") and each.has("deal_word")]
    return targets.deal_of(pointing[0]) if pointing else None


def _account(targets: Targets, own: Sequence[Word], contact: Target | None, deal: Target | None) -> str:
    for known in (contact, deal):
        if known and known.account_id:
            return known.account_id
    named = [word.thing for word in own if "account" in word.kinds and isinstance(word.thing, Mention)]
    found = targets.account_of(named[0]) if named else None
    return found.reference if found and found.entry else ""


def title_with_names(outline: Outline, todo: Todo, links: dict[str, str]) -> str:
    """The title with a name for "her" or "them", or with the contact's name behind it when it names nobody."""
    title = todo.title
    entry = Targets(outline).get(links["contact"]) if links.get("contact") else None
    if entry is None:
        return _with_topic(outline, title, links)
    if entry.name.casefold() in title.casefold():
        return title
    if any(part.casefold() in title.casefold() for part in entry.name.split() if len(part) > 1):
        return title
    pronouns = [str(each) for each in load_words("people")["object_pronouns"]]
    words = title.split(" ")
    for i, word in enumerate(words):
        if word.casefold() in pronouns:
            return " ".join([*words[:i], entry.name, *words[i + 1 :]])
    for pronoun in pronouns:
        if has_cjk(pronoun) and pronoun in title:
            return title.replace(pronoun, entry.name, 1)
    return f"{title}{ABOUT}{entry.name}" if _has_pronoun(todo) else title


def _with_topic(outline: Outline, title: str, links: dict[str, str]) -> str:
    """A title that says little by itself ("Check", "Look at it again") with the deal or account behind it."""
    entry = Targets(outline).get(links.get("deal") or links.get("account") or "")
    words = title.casefold().split()
    thin = len(words) <= _THIN if title.isascii() else len(title) <= _THIN_ZH
    if entry is None or not (thin or {"it", "that", "one", "this"} & set(words)):
        return title
    named = any(part.casefold() in title.casefold() for part in entry.name.split() if len(part) > 3)
    return title if named else f"{title}{ABOUT}{entry.name}"


def _priority(clauses: Sequence[Clause]) -> str:
    hits = [hit for clause in clauses for hit in clause.all("priority")]
    return hits[0].value["priority"] if hits else ""
