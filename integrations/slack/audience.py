"""Whether everyone in a channel may see all of an answer; otherwise it goes to the asker alone."""

from collections.abc import Iterable

from slack_sdk import WebClient

from agent import Reply
from core.parts import ApprovalRequest, ChangeReceipt, Chart, Draft, Figure, RecordRef, Table, Text
from crm_store.principals import Principal, Role
from crm_store.store import Store
from integrations.slack.people import People, Stranger
from integrations.slack.place import Place
from integrations.slack.rooms import Room


class Audience:
    """Tells whether an answer may be shown in a channel."""

    def __init__(self, store: Store, people: People) -> None:
        self._store, self._people = store, people

    def may_see(self, client: WebClient, place: Place, room: Room, asker: Principal, reply: Reply) -> bool:
        """Whether each member of the room may see every record, field and figure of the reply.

        Without knowing all members the answer is no. An answer without anything from the CRM may always be shown.
        """
        if room.is_external:
            return False
        if not _tells_something(reply):
            return True
        if room.members is None:
            return False
        others = self._others(client, place, room.members, asker)
        if others is None:
            return False
        return all(self.may_see_all_of(other, asker, reply) for other in others)

    def _others(
        self, client: WebClient, place: Place, members: Iterable[str], asker: Principal
    ) -> list[Principal] | None:
        found: dict[str, Principal] = {}
        for member in members:
            if member == place.user:
                continue
            person = self._people.find_user(client, place, member)
            if isinstance(person, Stranger):
                if person.why == "bot":
                    continue
                return None
            if person.user_id != asker.user_id:
                found[person.user_id] = person
        return list(found.values())

    def may_see_all_of(self, other: Principal, asker: Principal, reply: Reply) -> bool:
        """Whether someone may see every record, field and figure of a reply to someone else."""
        if other.sees_all or other.user_id == asker.user_id:
            return True
        records = list(_records(reply))
        if _sums_up(reply) and not _reaches(other, asker):
            return False
        return self._reads(other, asker, records)

    def _reads(self, other: Principal, asker: Principal, records: list[RecordRef]) -> bool:
        with (
            self._store.unit_of_work(other, writes=False) as theirs,
            self._store.unit_of_work(asker, writes=False) as own,
        ):
            for kind in {record.kind for record in records}:
                if {spec.name for spec in own.fields(kind)} - {spec.name for spec in theirs.fields(kind)}:
                    return False
            return all(theirs.find(record.kind, record.id) is not None for record in records)


def _tells_something(reply: Reply) -> bool:
    if reply.records:
        return True
    kinds = (ApprovalRequest, ChangeReceipt, Chart, Draft, Figure, Table)
    candidates = any(question.candidates for question in reply.questions)
    return candidates or any(isinstance(part, kinds) for part in reply.parts) or _long_text(reply)


def _long_text(reply: Reply) -> bool:
    """A text of a large model may tell something without citing it."""
    return reply.model not in ("builtin", "none") and bool(reply.of_type(Text))


def _records(reply: Reply) -> Iterable[RecordRef]:
    yield from reply.records
    for part in reply.parts:
        match part:
            case ChangeReceipt():
                yield part.record
            case ApprovalRequest():
                yield from (change.record for change in part.changes if change.action != "created")
            case Table():
                yield from part.records


def _sums_up(reply: Reply) -> bool:
    tables = [part for part in reply.of_type(Table) if not part.records]
    texts = reply.of_type(Text) if _long_text(reply) else []
    made = [change for part in reply.approvals for change in part.changes if change.action == "created"]
    return bool(reply.of_type(Figure) or reply.of_type(Chart) or tables or texts or made)


def _reaches(other: Principal, asker: Principal) -> bool:
    """Whether they may see whatever the asker may, own figures included: a manager above the asker."""
    return other.role is Role.MANAGER and asker.user_id in other.command and asker.reach <= other.reach
