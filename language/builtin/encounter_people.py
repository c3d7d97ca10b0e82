"""Who took part in a reported interaction, and with which company it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from language.builtin.clauses import Clause, Outline
from language.builtin.encounter_signs import is_terse
from language.builtin.encounters import Encounter
from language.builtin.restated import taken_back
from language.builtin.strangers import names_stranger
from language.builtin.targets import Target, Targets
from language.builtin.vocabulary import load_words
from language.builtin.words import Word, accounts_in, top_candidates
from language.lexicon import Mention
from language.script import has_cjk

_NEAR = 4
_SHORTEST_COMPANY = 3
_NOT_PRESENT = ("next_step", "task_new", "promise", "to_stage", "owner_change", "competitor")


@dataclass(frozen=True, slots=True)
class Company:
    """The account: `reference` is its id when certain, else the words; `lead` is set for someone without an
    account."""

    reference: str = ""
    id: str = ""
    lead: str = ""


def company_of(outline: Outline, encounter: Encounter, part: Sequence[Clause]) -> Company:
    """The account named where the interaction is told, else elsewhere in its part, else by its people, else
    in focus."""
    targets = Targets(outline)
    for clauses in (encounter.anchors, part):
        for word in (word for clause in clauses for word in clause.things("account")):
            if isinstance(word.thing, Mention):
                target = targets.account_of(word.thing)
                return Company(target.reference, target.entry.id if target.entry else "")
        homes = {home for clause in clauses for home in accounts_in(clause.words)}
        if len(homes) == 1:
            found = homes.pop()
            return Company(found, found)
        if homes and clauses is encounter.anchors:
            return Company()
    return _elsewhere(outline, encounter, part)


def _elsewhere(outline: Outline, encounter: Encounter, part: Sequence[Clause]) -> Company:
    leads = [word for clause in part for word in clause.things("lead") if isinstance(word.thing, Mention)]
    if leads and isinstance(leads[0].thing, Mention):
        lead = Targets(outline).person_of(leads[0].thing, "lead")
        other = _company_before(outline, leads[0])
        is_theirs = lead.entry is None or any(_share_signs(other, alias) for alias in lead.entry.aliases)
        return Company(lead=lead.reference) if is_theirs or not other else Company(other)
    if any(clause.things("contact") for clause in part):
        return Company()
    stranger = next((name for clause in encounter.anchors for name in _strangers(clause)), "")
    if stranger:
        return Company(stranger)
    if names_stranger(outline):
        return Company()
    focus = outline.reading.dialogue.focus("account")
    if focus is None and (deal := outline.reading.dialogue.focus("deal")):
        entry = Targets(outline).get(deal[0])
        return Company(entry.account_id, entry.account_id) if entry and entry.account_id else Company()
    return Company(focus[0], focus[0]) if focus else Company()


def _company_before(outline: Outline, person: Word) -> str:
    """The plain Chinese signs that a person is said to belong to: 宏达机械 of 拜访了宏达机械的孙总."""
    at = next(i for i, word in enumerate(outline.words) if word is person)
    if at == 0 or outline.words[at - 1].canon != "的":
        return ""
    explained = {i for hit in outline.all_hits for i in range(hit.first, hit.after)}
    first = at - 1
    while first and first - 1 not in explained and not outline.words[first - 1].kinds:
        if not has_cjk(outline.words[first - 1].canon):
            break
        first -= 1
    is_name = at - 1 - first >= _SHORTEST_COMPANY
    return outline.own_text(outline.words[first].start, outline.words[at - 1].start) if is_name else ""


def _share_signs(one: str, other: str) -> bool:
    """Whether two signs in a row of one name stand in the other."""
    return any(one[i : i + 2] in other for i in range(len(one) - 1))


def _strangers(clause: Clause) -> Iterator[str]:
    """Names after "with", "at", "from" that no record has: "call with Bluefin Yachts"."""
    stops = load_words("people")["after_stranger"]
    for i, word in enumerate(clause.words):
        if word.canon not in load_words("people")["before_stranger"]:
            continue
        run: list[Word] = []
        for following in clause.words[i + 1 :]:
            if following.kinds or following.canon in stops or not following.canon[0].isalpha():
                break
            run.append(following)
        if run:
            start, end = run[0].start - clause.start, run[-1].end - clause.start
            yield clause.text[start:end]


def contacts_of(outline: Outline, encounter: Encounter, part: Sequence[Clause], company: Company) -> list[str]:
    """The customer's people who took part: ids when certain, else names as written."""
    targets = Targets(outline)
    found: list[str] = []
    replaced = taken_back(outline)
    for clause in part:
        if not _tells_presence(encounter, clause, part) and not _restates(outline, encounter, clause):
            continue
        missing = [*absent_in(outline, clause), *(word for word in clause.words if word.start in replaced)]
        for word in clause.things("contact"):
            if (
                isinstance(word.thing, Mention)
                and word not in missing
                and not _is_talked_about(outline, word, clause)
                and not _means_company(outline, word, clause)
            ):
                found += [each for each in _people(targets, word, company) if each not in found]
    if not found and not replaced:
        found = speakers_told(outline, encounter, part, company)
    if _has_pronoun(encounter):
        found = _with_person_before(outline, encounter, found, company)
    if not found and _has_pronoun(encounter):
        focus = outline.reading.dialogue.focus("contact")
        found = [focus[0]] if focus and not company.reference else []
    return found


def _with_person_before(outline: Outline, encounter: Encounter, found: list[str], company: Company) -> list[str]:
    """Adds who "her" is in "a call with her and Jonas": the person named last before the report."""
    joined = any(_is_joined_pronoun(clause) for clause in encounter.anchors)
    if found and not joined:
        return found
    words = [word for word in outline.words[: encounter.anchors[0].first] if "contact" in word.kinds]
    if not words or not isinstance(words[-1].thing, Mention):
        return found
    person = _people(Targets(outline), words[-1], company)
    return [*person, *(each for each in found if each not in person)] if len(person) == 1 else found


def _is_joined_pronoun(clause: Clause) -> bool:
    """ "With her and …", "with … and him": a pronoun beside a name."""
    pronouns = load_words("people")["object_pronouns"]
    return any(
        word.canon in pronouns
        and {each.canon for each in clause.words[max(0, i - 1) : i + 2]} & {"and", "&", "+", "和", "跟"}
        for i, word in enumerate(clause.words)
    )


def absent_in(outline: Outline, clause: Clause) -> list[Word]:
    """The people whom a clause calls absent: the last ones named before "could not make it", or in 周娜没来; a clause
    without a name before it says nothing."""
    found: list[Word] = []
    for hit in clause.all("absence"):
        end = outline.words[hit.after - 1].start
        before = [word for word in clause.things("contact") if word.start < end]
        found += before[-1:]
    return found


def _restates(outline: Outline, encounter: Encounter, clause: Clause) -> bool:
    """Whether a clause names somebody anew right behind those who were taken back."""
    before = outline.clauses[clause.index - 1] if clause.index else None
    corrects = clause.has("correction", "retake") or (before is not None and before.has("correction", "retake"))
    return corrects and abs(clause.index - encounter.index) < _NEAR and not clause.has(*_NOT_PRESENT)


def speakers_told(outline: Outline, encounter: Encounter, part: Sequence[Clause], company: Company) -> list[str]:
    """Of an interaction that names nobody: the only person of the company whose words are told in it."""
    if encounter.type not in ("visit", "meeting", "call", "message", "email"):
        return []
    found: list[str] = []
    for clause in part:
        word = clause.things("contact")[0] if clause.things("contact") else None
        if word is None or not isinstance(word.thing, Mention) or clause.has(*_NOT_PRESENT, "absence"):
            continue
        says = _heads_report(clause, word) or any(
            hit.first <= outline.words.index(word) < hit.after for hit in clause.all("reported", "agreed")
        )
        if says and not clause.moods & {"condition", "question", "negation"}:
            found += _people(Targets(outline), word, company)
    return found if len(set(found)) == 1 else []


def _heads_report(clause: Clause, word: Word) -> bool:
    """ "Diego Salas: “milestones ok”. Phone, 5 min.": a name and a colon at the head of the message."""
    return (
        clause.index == 0
        and clause.words[-1].canon in (":", "：")
        and _is_list_of_names(clause)
        and bool(word.kinds)
    )


def _tells_presence(encounter: Encounter, clause: Clause, part: Sequence[Clause]) -> bool:
    if clause in encounter.anchors:
        return True
    if (
        clause.has(*_NOT_PRESENT)
        or "condition" in clause.moods
        or ("negation" in clause.moods and not clause.has("absence") and not _tells_first(clause))
    ):
        return False
    if clause.has("presence") or _is_list_of_names(clause):
        return abs(clause.index - encounter.index) < 12 and (
            clause.has("presence") or _is_near(clause, encounter, part)
        )
    return encounter.index - clause.index == 1 and _is_list_of_names(clause)


def _tells_first(clause: Clause) -> bool:
    """ "Told Lars we can't go below 450k": who was there is said before what is denied."""
    presence, denied = clause.hit("presence"), clause.hit("negation")
    return presence is not None and (denied is None or presence.after <= denied.first)


def _is_near(clause: Clause, encounter: Encounter, part: Sequence[Clause]) -> bool:
    """Whether only lists of names stand between a list of names and the report."""
    low, high = sorted((clause.index, encounter.index))
    return all(
        is_terse(each) or each.has("correction") or each in encounter.anchors
        for each in part
        if low <= each.index <= high
    )


def _is_list_of_names(clause: Clause) -> bool:
    loose = load_words("people")["in_lists"]
    words = [word for word in clause.words if word.canon[0].isalnum()]
    return any("contact" in word.kinds for word in words) and all(
        word.kinds & {"contact", "account", "user", "duration", "date"} or word.canon in loose for word in words
    )


def _is_talked_about(outline: Outline, word: Word, clause: Clause) -> bool:
    """ "About Ben", "a quote for Ben": somebody who is mentioned, not somebody who was there."""
    index = outline.words.index(word)
    contacts = clause.all("contacted", "contact_noun", "note")
    if any(hit.first <= index <= hit.after + 1 for hit in contacts):
        return False
    before = outline.words[index - 1].canon if index > clause.first else ""
    return before in load_words("people")["before_absent"]


def _means_company(outline: Outline, word: Word, clause: Clause) -> bool:
    """ "Magdalena from the Adler", "Sonnleitner: Theresa rang": a company's word that is a surname, too."""
    if "account" not in word.kinds:
        return False
    index = outline.words.index(word)
    before = outline.words[index - 1].canon if index else ""
    following = outline.words[index + 1].canon if index + 1 < len(outline.words) else ""
    others = any(other is not word for other in clause.things("contact"))
    return others or following in (":", "：") or before in ("at", "from", "@", "the", "of", "in", "to")


def _people(targets: Targets, word: Word, company: Company) -> list[str]:
    mention = word.thing
    assert isinstance(mention, Mention)
    entries = [item.entry for item in top_candidates(mention) if item.entry.kind == "contact"]
    inside = [entry for entry in entries if entry.account_id == company.id] if company.id else entries
    if not inside:
        return [] if company.id else [mention.span.text]
    if len(inside) == 1:
        return [inside[0].id]
    known = [entry for entry in inside if entry.id in targets.people_said()]
    if len(known) == 1:
        return [known[0].id]
    if _is_plural(mention, inside[0].name):
        return [entry.id for entry in inside]
    return [mention.span.text]


def _is_plural(mention: Mention, name: str) -> bool:
    """ "Both Anitas"."""
    text = mention.span.text.casefold()
    return text.endswith("s") and any(text == f"{part.casefold()}s" for part in name.split())


def _has_pronoun(encounter: Encounter) -> bool:
    pronouns = load_words("people")["pronouns"]
    return any(word.canon in pronouns for clause in encounter.anchors for word in clause.words)


def target_reference(target: Target | None) -> str:
    """The reference of a target that may be missing."""
    return target.reference if target else ""
