"""One erasure of a contact in one transaction; works on all tables, so that a new one cannot be missed."""

from collections import Counter
from typing import Any

from sqlalchemy import JSON, Connection, String, Table, delete, insert, select, update
from sqlmodel import SQLModel

from crm_store.contacts import Contact
from crm_store.drafts import DraftMessage, DraftRecipient
from crm_store.interactions import Interaction, InteractionContact
from crm_store.journal import AuditEntry, OutboxEntry
from crm_store.principals import Principal
from crm_store.schema import NOUNS
from crm_store.unit_of_work import UnitOfWork
from memory import index, tables
from memory.mentions import ERASED, Marks, mentions, without_mentions

_TURN_TABLES = ("message", "approval")
_NAMES_STAY = frozenset({"id", "kind", "record_id", "effect_id", "key", "topic", "version_num"})


class Eraser:
    """Erases one contact through the connection of a unit of work; the caller commits."""

    def __init__(self, uow: UnitOfWork, contact: Contact) -> None:
        self.connection: Connection = uow.session.connection()
        self._now, self._effect_id, self._contact = uow.now, uow.effect_id, contact
        marks = Marks(contact.id, contact.name, contact.email, contact.phone)
        self.name_shared = self._is_shared(contact)
        self.full = marks.pattern()
        self._sure = marks.without_name().pattern() if self.name_shared else self.full
        self._near = marks.pattern(self._names_nearby())
        self.counts: Counter[str] = Counter()
        self._cleaned: set[str] = set()
        self.indexed = tables.exists(self.connection)

    def erase(self, principal: Principal) -> None:
        """All of it, in an order in which foreign keys hold."""
        alone, together = self._interactions()
        drafts = self._drafts()
        self._wipe_interactions(alone)
        self._forget_turns()
        self._forget_jobs()
        self._drop_audit([self._contact.id, *drafts])
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in _TURN_TABLES:
                self.counts["texts"] += self._clean(table)
        self._clean_audit_nearby()
        self._forget_index({*alone, *together, *self._cleaned})
        self._drop_links_and_row()
        self._leave_tombstone(principal)

    def _is_shared(self, contact: Contact) -> bool:
        for kind in ("contact", "user", "lead"):
            table = NOUNS[kind].table
            query = select(table.c.id, table.c.email).where(table.c.name == contact.name, table.c.id != contact.id)
            for _, email in self.connection.execute(query):
                # A lead with the same address is the same person.
                if kind != "lead" or not email or email.casefold() != contact.email.casefold():
                    return True
        return False

    def _names_nearby(self) -> frozenset[str]:
        """Names of the others at the account and of our own people, whose parts must stay readable."""
        contact, user = _table(Contact), NOUNS["user"].table
        others = select(contact.c.name).where(
            contact.c.account_id == self._contact.account_id, contact.c.id != self._contact.id
        )
        names = {
            *self.connection.execute(others).scalars(),
            *self.connection.execute(select(user.c.name)).scalars(),
        }
        return frozenset(name for name in names if name != self._contact.name)

    def _interactions(self) -> tuple[list[str], list[str]]:
        link: Any = _table(InteractionContact)
        theirs = select(link.c.interaction_id).where(link.c.contact_id == self._contact.id)
        rows = self.connection.execute(select(link.c.interaction_id).where(link.c.interaction_id.in_(theirs)))
        people = Counter(rows.scalars())
        return [id_ for id_, number in people.items() if number == 1], [
            id_ for id_, number in people.items() if number > 1
        ]

    def _wipe_interactions(self, ids: list[str]) -> None:
        table = _table(Interaction)
        blank = {"subject": ERASED, "summary": "", "body": ERASED, "external_id": "", "custom": {}}
        for some in index.in_slices(ids):
            self.connection.execute(update(table).where(table.c.id.in_(some)).values(**blank))
            audit = _table(AuditEntry)
            theirs = audit.c.record_id.in_(some)
            self.connection.execute(update(audit).where(theirs).values(before={}, after={}, record_name=ERASED))
        self.counts["interactions"] = len(ids)

    def _drafts(self) -> list[str]:
        link, table = _table(DraftRecipient), _table(DraftMessage)
        ids = list(
            self.connection.execute(select(link.c.draft_id).where(link.c.contact_id == self._contact.id)).scalars()
        )
        for some in index.in_slices(ids):
            self.connection.execute(delete(link).where(link.c.draft_id.in_(some)))
            self.connection.execute(delete(table).where(table.c.id.in_(some)))
        self.counts["drafts"] = len(ids)
        return ids

    def _forget_turns(self) -> None:
        """Turns that speak of the contact lose their messages, reply and proposed calls."""
        columns = {
            "turn": ("id", "reply"),
            "message": ("turn_id", "payload"),
            "approval": ("turn_id", "arguments"),
        }
        turns: set[str] = set()
        for name, (turn, column) in columns.items():
            table = SQLModel.metadata.tables[name]
            for turn_id, value in self.connection.execute(select(table.c[turn], table.c[column])):
                if mentions(value, self.full):
                    turns.add(turn_id)
        turn_table, message, approval = (SQLModel.metadata.tables[name] for name in columns)
        for some in index.in_slices(turns):
            self.connection.execute(delete(message).where(message.c.turn_id.in_(some)))
            self.connection.execute(update(turn_table).where(turn_table.c.id.in_(some)).values(reply={}))
            pending = update(approval).where(approval.c.turn_id.in_(some))
            self.connection.execute(pending.values(arguments={}, effect_key=ERASED, status="expired"))
        self.counts["turns of conversation"] = len(turns)

    def _forget_jobs(self) -> None:
        """Jobs that are over lose what they were about; one that waits keeps what else it says."""
        job = SQLModel.metadata.tables["job"]
        over = self.connection.execute(select(job.c.key, job.c.payload).where(job.c.status != "waiting"))
        keys = [key for key, payload in over if mentions(payload, self.full)]
        for some in index.in_slices(keys):
            self.connection.execute(update(job).where(job.c.key.in_(some)).values(payload={}, reason=""))
        self.counts["jobs"] = len(keys)

    def _drop_audit(self, record_ids: list[str]) -> None:
        table = _table(AuditEntry)
        for some in index.in_slices(record_ids):
            self.connection.execute(delete(table).where(table.c.record_id.in_(some)))

    def _clean(self, table: Table) -> int:
        """Removes mentions from every text and JSON column of a table; says how many rows changed."""
        columns = [each for each in table.columns if self._holds_text(each)]
        keys = list(table.primary_key.columns)
        if not columns or table.name == "contact":
            return 0
        changed = 0
        scoped = "account_id" in table.c
        query = select(*keys, *columns, *((table.c.account_id.label("of_account"),) if scoped else ()))
        for row in self.connection.execute(query).mappings().all():
            here = self._near if scoped and row["of_account"] == self._contact.account_id else self._sure
            fresh = {each.name: without_mentions(row[each], here) for each in columns}
            fresh = {name: value for name, value in fresh.items() if value != row[table.c[name]]}
            if fresh:
                where = [key == row[key] for key in keys]
                self.connection.execute(update(table).where(*where).values(**fresh))
                changed += 1
                self._cleaned.update(row[key] for key in keys if isinstance(row[key], str))
        return changed

    def _clean_audit_nearby(self) -> None:
        """In the audit of records that were cleaned, first names count as mentions, too."""
        table = _table(AuditEntry)
        for some in index.in_slices(self._cleaned):
            query = select(table.c.seq, table.c.before, table.c.after).where(table.c.record_id.in_(some))
            for seq, before, after in self.connection.execute(query).all():
                fresh = {
                    "before": without_mentions(before, self._near),
                    "after": without_mentions(after, self._near),
                }
                self.connection.execute(update(table).where(table.c.seq == seq).values(**fresh))

    @staticmethod
    def _holds_text(column: Any) -> bool:
        if column.primary_key or column.foreign_keys or column.name in _NAMES_STAY:
            return False
        plain = getattr(column.type, "impl", column.type)
        return isinstance(plain, JSON | String)

    def _forget_index(self, interaction_ids: set[str]) -> None:
        """Takes out their passages and those of the messages after them, and has the rest indexed again."""
        if not self.indexed:
            return
        passages = tables.passages
        after = set()
        for some in index.in_slices(interaction_ids):
            after |= set(
                self.connection.execute(
                    select(passages.c.interaction_id).where(passages.c.before_id.in_(some))
                ).scalars()
            )
        touched = interaction_ids | after
        index.remove(self.connection, touched)
        self.connection.execute(delete(tables.gone))
        outbox = _table(OutboxEntry)
        if touched:
            self.connection.execute(insert(outbox), [self._message(each) for each in sorted(touched)])
        self.counts["passages asked for again"] = len(touched)

    def _message(self, interaction_id: str) -> dict[str, Any]:
        return {
            "key": f"{self._effect_id}:{interaction_id}", "topic": "interaction.updated", "created_at": self._now,
            "payload": {"kind": "interaction", "id": interaction_id}, "status": "waiting", "attempts": 0,
        }  # fmt: skip

    def _drop_links_and_row(self) -> None:
        contact = _table(Contact)
        for table in SQLModel.metadata.sorted_tables:
            for column in table.columns:
                if not any(key.column.table is contact for key in column.foreign_keys):
                    continue
                theirs = column == self._contact.id
                change = update(table).values({column.name: None}) if column.nullable else delete(table)
                self.connection.execute(change.where(theirs))
        self.connection.execute(delete(contact).where(contact.c.id == self._contact.id))

    def _leave_tombstone(self, principal: Principal) -> None:
        self.connection.execute(
            insert(_table(AuditEntry)).values(
                effect_id=self._effect_id, at=self._now, actor_id=principal.user_id or None, action="erased",
                kind="contact", record_id=self._contact.id, record_name=ERASED, before={}, after={},
                version=self._contact.version + 1, cause="forget contact", channel="", turn_id="",
                conversation_id="", undoes="", undone_by="",
            )
        )  # fmt: skip


def _table(model: Any) -> Table:
    table: Table = model.__table__
    return table
