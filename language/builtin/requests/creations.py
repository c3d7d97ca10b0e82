"""New contacts, accounts, leads and deals, only when the person plainly asks for one."""

import re
from collections.abc import Callable, Mapping, Sequence

from language.builtin.calls import Call
from language.builtin.choices import choices_said
from language.builtin.claims import claimed_by_creations
from language.builtin.clauses import Clause, Outline
from language.builtin.new_record import EDGES, NOBODY, NewRecord, says_nobodys
from language.builtin.next_steps import next_step_in
from language.builtin.patterns import Hit
from language.builtin.people_facts import EMAIL, domain_in, email_in, looks_like_title, phone_in, proper_name
from language.builtin.plan import request
from language.builtin.reading import Reading
from language.builtin.targets import Targets
from language.builtin.todo import find_todos
from language.builtin.vocabulary import load_words
from language.builtin.words import Word
from language.introductions import find_introduced
from language.lexicon import Mention
from language.script import CJK

_BARRED = frozenset({"negation", "condition", "question", "undecided", "hearsay", "keep"})
_LEADS = re.compile(
    r"^(?:(?:for|at|with|worth|closing|close|on|by|in|about|around|an?|the|from|of|over|called|to|it's|its|should|they|would|like|there|is|and|给|的|在)\b\s*)+",
    re.I,
)
_TAILS = re.compile(
    r"(?:\s*\b(?:for|at|with|worth|closing|closes|close|on|by|in|about|around|an?|the|from|of|should|and|please|pls))+$",
    re.I,
)
_SHORTEST_NAME = 3
_STAFF = re.compile(r"(\d[\d,.]*)\s*(?:employees|staff|people|headcount|名员工|个员工|人)")
_CODE = re.compile(r"\b[A-Z]{2}\b")
_LONGEST_HEAD = 40


@request(precedence=500)
def create_records(reading: Reading) -> Sequence[Call]:
    """Calls for the records that a message asks to create."""
    outline = reading.outline
    if outline.is_mere_talk or outline.asks_for_draft:
        return ()
    taken = {clause.index for todo in find_todos(outline) for clause in todo.clauses}
    calls: list[Call] = []
    for clause in outline.clauses:
        if (
            clause.index in taken
            or clause.moods & _BARRED
            or clause.has("convert")
            or _is_part_of_conversion(outline, clause)
        ):
            continue
        hit = clause.hit("create") or _adds_person(outline, clause)
        if hit is not None and hit.value.get("kind") == "ticket":
            continue
        introduced = _introduced(outline, clause) if hit is None else None
        if introduced is not None:
            calls.append(Call("create_contact", introduced, clause.start))
        if hit is not None and not _is_told_before(outline, clause, hit):
            kind = hit.value.get("kind", "contact")
            arguments = _BUILDERS[kind](outline, NewRecord(outline, clause, hit))
            if arguments:
                calls.append(Call(f"create_{kind}", arguments, clause.start))
    return calls


def _adds_person(outline: Outline, clause: Clause) -> Hit | None:
    """ "Add Zoe Marsh to Kestrel": somebody unknown, to an account."""
    added = clause.hit("add_contact")
    pronouns = load_words("people")["pronouns"]
    if added is not None and not any(w.canon in pronouns for w in outline.words[added.first : added.after]):
        return Hit("create", {"kind": "contact"}, added.first, added.first + 1)
    hit = clause.hit("add_person")
    if hit is None or clause.has("task_word", "log", "competitor", "note"):
        return None
    words = outline.words[hit.first + 1 : hit.after - 2]
    if any(word.kinds & {"contact", "deal", "task", "amount", "date", "product"} for word in words):
        return None
    name = proper_name(" ".join(outline.reading.text[word.start : word.end] for word in words))
    if not name or (name.isascii() and len(name.split()) < 2):
        return None
    return Hit("create", {"kind": "contact"}, hit.first, hit.first + 1)


def _introduced(outline: Outline, clause: Clause) -> Mapping[str, object] | None:
    """ "New face at Kestrel: Zoe Marsh, Buyer. Can you put her in?": somebody unknown told of just before."""
    if not clause.has("add_them") or clause.has("task_word", "competitor"):
        return None
    before = [each for each in outline.clauses[: clause.index] if each.sentence >= clause.sentence - 1]
    if not before:
        return None
    part = NewRecord(outline, before[0], Hit("create", {"kind": "contact"}, before[0].first, before[0].first))
    told = find_introduced(outline.own_text(before[0].start, before[-1].end))
    if len(told) == 1:
        found = {**_contact(outline, part), "name": told[0].name, "title": told[0].title or part.title()}
    elif any(_is_named(word) for each in before for word in each.things("contact", "lead")):
        return None
    else:
        found = {**_contact(outline, part), "name": part.name() or _person_name(part, full=True)}
    return found if found["name"] and found.get("account") else None


def _is_named(word: Word) -> bool:
    """Whether a person is told by name and not by the job alone."""
    names = word.thing.candidates[0].entry.name.casefold() if isinstance(word.thing, Mention) else ""
    return any(part in names for part in word.canon.split())


def _is_told_before(outline: Outline, clause: Clause, hit: Hit) -> bool:
    """…，录进通讯录。: the sentence ends with what is to be done; its new person stands before it."""
    if hit.value.get("told") != "before":
        return False
    following = outline.clauses[clause.index + 1 : clause.index + 2]
    behind = outline.words[hit.after : clause.after]
    return not any(word.canon.isalnum() for word in behind) and not any(
        each.sentence == clause.sentence for each in following
    )


def _is_part_of_conversion(outline: Outline, clause: Clause) -> bool:
    before = outline.clauses[: clause.index + 1] if outline.has("convert") else ()
    return any(each.has("convert") and abs(each.sentence - clause.sentence) <= 1 for each in before)


def _contact(outline: Outline, part: NewRecord) -> Mapping[str, object]:
    account = part.account()
    name = part.name() or _person_name(part)
    if not name:
        return {}
    text = part.whole
    return {
        "name": name,
        "account": account,
        "title": part.title(),
        "email": email_in(text),
        "phone": phone_in(text),
    }


def _person_name(part: NewRecord, *, full: bool = False) -> str:
    """The first name behind the trigger that is no account; a `full` one has two words."""
    accounts = [word.canon for word in part.words("account")]
    text = part.text
    for word in part.words("account"):
        piece = part.outline.reading.text[word.start : word.end]
        if "@" not in piece:
            text = text.replace(piece, ", ")
    for piece in re.split(r"[,;:，；：\n（）()]|的|[加录设建]成|加为|录为", text):
        name = proper_name(piece)
        is_wanted = bool(name) and not looks_like_title(name) and (not full or len(name.split()) > 1)
        if is_wanted and name.casefold() not in accounts:
            return name
    return ""


def _account(outline: Outline, part: NewRecord) -> Mapping[str, object]:
    name = part.name() or _company_name(part.text)
    if not name:
        return {}
    other = {field: value for field, value in choices_said(outline, "account", part.text)}
    staff = _STAFF.search(part.text)
    country = next((w for w in _CODE.findall(part.text) if w in _countries(outline)), "")
    facts = (("employees", staff[1] if staff else ""), ("country", country))
    other |= {field: value for field, value in facts if value}
    return {"name": name, "domain": domain_in(part.text), "owner": part.owner(), "other": other}


def _countries(outline: Outline) -> frozenset[str]:
    return frozenset(outline.reading.situation.values.get(("account", "country"), ()))


def _company_name(text: str) -> str:
    text = re.sub(r"^\W*(?:(?:pls|please|called|named|for)\b\s*[:：,]?\s*)+", "", text, flags=re.IGNORECASE)
    first = re.split(r"[,;，；。\n（(]", text.strip(EDGES), maxsplit=1)[0].strip(EDGES)
    lead = re.match(r"(?:for|called|named|:)\s+", first)
    first = first[lead.end() :] if lead else first
    first = re.split(r"\s(?:in|owned|domain|website|with|industry|please|pls)\b", first, maxsplit=1)[0]
    return first.strip(EDGES)


def _lead(outline: Outline, part: NewRecord) -> Mapping[str, object]:
    text = _described(part.text)
    of = re.match(rf"[\s:：，,]*([{CJK}]{{2,12}})的([{CJK}]{{2,4}})", text)
    name = part.name() or (of[2] if of else proper_name(text))
    if not name:
        return {}
    company = of[1] if of else _company_of_lead(text, name)
    values = dict(choices_said(outline, "lead", part.whole))
    return {
        "name": name,
        "company": company,
        "email": email_in(text),
        "phone": phone_in(text),
        "source": values.pop("source", ""),
        "product_interest": values.pop("product_interest", "")
        or next(
            (w.thing.candidates[0].entry.name for w in part.words("product") if isinstance(w.thing, Mention)), ""
        ),
        "owner": part.owner() or (NOBODY if says_nobodys(part.whole) else ""),
        "other": values,
    }


def _described(text: str) -> str:
    """What stands behind a colon that follows more than a sign: "from the Milan fair: Chiara Bonfanti, …"."""
    head, colon, rest = text.partition(":") if ":" in text else text.partition("：")
    return rest if colon and rest.strip() and not EMAIL.search(head) and len(head) < _LONGEST_HEAD else text


def _company_of_lead(text: str, name: str) -> str:
    rest = text.split(name, 1)[-1]
    found = re.match(r"\s*[,，(（]?\s*(?:at|from|of|with|@)?\s*([^,，;；()（）\n]+)", rest)
    words = load_words("record_words")["company_words"]
    linked = re.search(
        rf"\b(?:{'|'.join(word for word in words if word.isalpha())})\s+((?:[A-Z][\w&'.-]*\s?)+)", rest
    )
    if linked:
        return linked[1].strip(EDGES)
    company = found[1].strip(EDGES).removesuffix("的") if found else ""
    return company if company[:1].isupper() or not company.isascii() else ""


def _deal(outline: Outline, part: NewRecord) -> Mapping[str, object]:
    account = part.account()
    name = part.name() or _deal_name(part)
    if not name and not account:
        return {}
    return {
        "name": name or _default_name(outline, account),
        "account": account,
        "amount": part.amount(),
        "close_date": part.close_date(),
        "stage": part.stage(),
        "owner": part.owner(),
        "contact": part.contact(),
        "other": _next_step(outline, part),
    }


def _next_step(outline: Outline, part: NewRecord) -> Mapping[str, str]:
    """ "… and next step is a site walk", said of the new deal."""
    claimed = claimed_by_creations(outline)
    steps = [next_step_in(outline, clause) for clause in part.clauses if clause.index in claimed]
    step = next(filter(None, steps), "")
    return {"next_step": step} if step else {}


def _deal_name(part: NewRecord) -> str:
    """ "New deal for Kestrel: retrofit, 36k": the first words that are neither the account, an amount nor a
    day."""
    spans = [(w.start, w.end) for w in part.words("account", "amount", "date", "stage", "user", "contact")]
    for found in re.finditer(r"[^,;:，；：。\n]+", part.text):
        start = part.start + found.start()
        end = start + len(found[0])
        inside = [span for span in spans if start <= span[0] < end]
        text = found[0]
        led = [span for span in inside if span[0] > start + len(text) - len(text.lstrip())]
        for first, after in sorted(led if found.start() else inside, reverse=True):
            text = text[: first - start] + " " + text[max(after - start, 0) :]
        plain = _LEADS.sub("", text.strip(EDGES)).strip(EDGES)
        plain = _TAILS.sub("", plain).strip(EDGES)
        if plain and len(plain.split()) <= 6 and (not inside or len(plain) > _SHORTEST_NAME):
            return plain
    return ""


def _default_name(outline: Outline, account: str) -> str:
    entry = Targets(outline).get(account)
    return f"{entry.name} deal" if entry else ""


_BUILDERS: Mapping[str, Callable[[Outline, NewRecord], Mapping[str, object]]] = {
    "contact": _contact,
    "account": _account,
    "lead": _lead,
    "deal": _deal,
}
