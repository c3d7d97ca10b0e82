"""Interactions with the people in them: what was said, when, by whom; one query for many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from analytics.view import View
from analytics.wording import choice_word, join_words, moment_text, say
from core.parts import RecordRef
from crm_store.interactions import Interaction
from crm_store.participants import contacts_in
from crm_store.query import names_of

LONGEST_QUOTE = 220

_INTERACTION: Any = Interaction


@dataclass(frozen=True, slots=True)
class Said:
    """An interaction with the names of who took part and who of ours it was."""

    record: Interaction
    contacts: tuple[RecordRef, ...]
    by: str

    @property
    def text(self) -> str:
        """What was said: summary and body."""
        return "\n".join(filter(None, (self.record.summary, self.record.body)))

    @property
    def ref(self) -> RecordRef:
        """A citation of the interaction."""
        name = self.record.subject or self.record.type
        return RecordRef(kind="interaction", id=self.record.id, name=name)


def latest(view: View, *where: Any, limit: int = 5) -> list[Said]:
    """The latest visible interactions that fulfil the conditions, newest first."""
    statement = select(Interaction).where(*where).order_by(_INTERACTION.occurred_at.desc(), _INTERACTION.id)
    return with_people(view, view.uow.session.scalars(statement.limit(limit)).all())


def with_people(view: View, interactions: Sequence[Interaction]) -> list[Said]:
    """The interactions with the names of the people in them."""
    ids = [each.id for each in interactions]
    if not ids:
        return []
    people = contacts_in(view.uow, ids)
    users = names_of(view.uow, "user", (each.owner_id for each in interactions))
    return [
        Said(
            each,
            tuple(RecordRef(kind="contact", id=id_, name=name) for id_, name in people.get(each.id, ())),
            users.get(each.owner_id or "", ""),
        )
        for each in interactions
    ]


def headline(view: View, said: Said) -> str:
    """Who, how and when: "Sara Brandt with Priya Nair, call, Tue 3 March 2026"."""
    language = view.language
    names = join_words(language, [ref.name for ref in said.contacts])
    who = say(language, "who_with", them=names, us=said.by) if names and said.by else names or said.by
    kind = choice_word(language, "interaction_type", said.record.type)
    if said.record.type in ("email", "message") and said.record.direction:
        kind = say(
            language, "type_and_direction", type=kind, direction=_direction(language, said.record.direction)
        )
    day = moment_text(language, said.record.occurred_at, view.timezone)
    return say(language, "headline", who=who or "—", type=kind, day=day)


def quoted(view: View, said: Said, passage: str = "") -> str:
    """The headline with what was said, word for word."""
    text = shorten(passage or said.text or said.record.subject)
    return say(view.language, "quoted", headline=headline(view, said), text=text)


def shorten(text: str, most: int = LONGEST_QUOTE) -> str:
    """One line of the text, cut at a word where it is too long."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    cut = line[:most]
    return (cut.rsplit(" ", 1)[0] if " " in cut[most // 2 :] else cut) + "…"


def refs_of(said: Iterable[Said]) -> list[RecordRef]:
    """Citations of the interactions."""
    return [each.ref for each in said]


def _direction(language: str, direction: str) -> str:
    return choice_word(language, "direction", direction)
