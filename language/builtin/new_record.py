"""The stretch of a message that describes a record to be created, and what it says of name, account,
amount, days."""

import re

from language.builtin.clauses import Clause, Outline
from language.builtin.patterns import Hit
from language.builtin.people_facts import bare_title_in, title_in
from language.builtin.spoken import spoken_amount, spoken_date
from language.builtin.targets import Targets
from language.builtin.vocabulary import patterns
from language.builtin.words import Word
from language.dates import DateMention
from language.lexicon import Mention

EDGES = " \t\n,.;:!?()\"'“”‘’，。；：！？、（）-–—"
# The owner of what nobody is to own.
NOBODY = "none"
QUOTED = re.compile(r"[\"“‘「『']([^\"”’」』']{2,80})[\"”’」』']")


class NewRecord:
    """The stretch of a message that describes one new record: from its trigger to the next one."""

    def __init__(self, outline: Outline, clause: Clause, hit: Hit) -> None:
        self.outline, self.clause, self.hit = outline, clause, hit
        later = [
            each
            for each in outline.clauses[clause.index + 1 :]
            if each.has("create", "task_new", "log")
            or (each.has("contacted") and not each.has("next_step"))
            or is_other_stage(hit, each)
        ]
        until = later[0].index if later else len(outline.clauses)
        self.clauses = [
            each for each in outline.clauses[clause.index : until] if each.sentence <= clause.sentence + 2
        ]
        self.start = outline.words[hit.after - 1].end if hit.after > hit.first else clause.start
        self.end = self.clauses[-1].end
        self.text = outline.own_text(self.start, self.end)
        self.whole = outline.own_text(clause.start, self.end)

    def words(self, *kinds: str) -> list[Word]:
        """The recognised things of the kinds in it."""
        return [word for clause in self.clauses for word in clause.things(*kinds)]

    def name(self) -> str:
        """What the new record is called: quoted, after "called", or the first name behind the trigger."""
        quoted = QUOTED.search(self.text)
        for clause in self.clauses:
            hit = clause.hit("named")
            if hit is not None:
                start = self.outline.words[hit.after - 1].end
                inner = QUOTED.match(self.outline.own_text(start, self.end).lstrip(" :："))
                return inner[1] if inner else _until_comma(self.outline.own_text(start, self.end))
        return quoted[1] if quoted else ""

    def account(self) -> str:
        """The account that it belongs to, as an id or as written."""
        targets = Targets(self.outline)
        for word in self.words("account"):
            if isinstance(word.thing, Mention) and "@" not in word.canon:
                return targets.account_of(word.thing).reference
        said = targets.accounts_said()
        if len(said) == 1:
            return said[0]
        focus = self.outline.reading.dialogue.focus("account") if not said and self._points_there() else None
        return focus[0] if focus else ""

    def _points_there(self) -> bool:
        """Whether "there" or "for them" stands for the company talked about."""
        return any(each.search(self.clause.text) for each in patterns("record_words", "at_company"))

    def owner(self) -> str:
        """A colleague who is to own it, when one is named."""
        for clause in self.clauses:
            hit = clause.hit("assign", "owner_change")
            for word in self.outline.words[hit.first : hit.after] if hit else ():
                if "user" in word.kinds and isinstance(word.thing, Mention):
                    return Targets(self.outline).person_of(word.thing, "user").reference
        return ""

    def amount(self) -> str:
        """The amount, as the server reads it."""
        amounts = [word.thing for word in self.words("amount")]
        return spoken_amount(amounts[0], 0) if amounts else ""  # type: ignore[arg-type]

    def close_date(self) -> str:
        """The day of closing; the last one of a period ("closing in May")."""
        dates = [word.thing for word in self.words("date") if isinstance(word.thing, DateMention)]
        last = dates[-1] if dates else None
        if last is not None and last.on is None and last.shift is None and last.period is not None:
            return last.period.end.isoformat()
        return spoken_date(last) if last is not None else ""

    def contact(self) -> str:
        """The person named as its main contact."""
        for clause in self.clauses:
            people = [word.thing for word in clause.things("contact") if isinstance(word.thing, Mention)]
            if clause.has("main_contact") and people:
                return Targets(self.outline).person_of(people[0], "contact", [self.account()]).reference
        return ""

    def stage(self) -> str:
        """The stage, when one is named."""
        stages = [word.thing for word in self.words("stage") if isinstance(word.thing, Mention)]
        return (
            next((item.entry.id for item in stages[0].candidates if item.entry.kind == "stage"), "")
            if stages
            else ""
        )

    def title(self) -> str:
        """A job title."""
        for clause in self.clauses:
            found = title_in(self.outline, clause)
            if found:
                return found
        return bare_title_in(self.text)


def says_nobodys(text: str) -> bool:
    """ "Leave her unassigned", "nobody owns it yet"."""
    return any(pattern.search(text) for pattern in patterns("record_words", "nobodys"))


def is_other_stage(hit: Hit, clause: Clause) -> bool:
    """Whether a clause moves an existing deal; behind "open a deal" a stage is the new deal's."""
    return clause.has("to_stage") and (hit.value.get("kind") != "deal" or bool(clause.things("deal")))


def _until_comma(text: str) -> str:
    """The name up to a sign or a word that begins something else."""
    text = re.split(r"[,;.!?，。；！？\n]|:\s", text.strip(EDGES), maxsplit=1)[0]
    text = re.split(r"\s(?:for|at|with|and|worth|closing|close|in stage|about|owned|by|to)\s", text, maxsplit=1)[0]
    return text.strip(EDGES)
