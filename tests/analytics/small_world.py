"""A made-up company in one open unit of work: records are added as the product itself, then read as somebody."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from analytics.view import View
from crm_store.accounts import Account
from crm_store.company import Company, ExchangeRate
from crm_store.contacts import Contact
from crm_store.deals import Deal, StageChange
from crm_store.interactions import Interaction, InteractionContact
from crm_store.journal import AuditEntry
from crm_store.principals import Principal, Role
from crm_store.quotas import Quota
from crm_store.stages import Stage
from crm_store.unit_of_work import UnitOfWork
from crm_store.users import Team, User

NOW = datetime(2027, 5, 19, 12, tzinfo=UTC)
TODAY = NOW.date()
# name, status, probability, forecast category
STAGES = (
    ("Discover", "open", 5, "pipeline"),
    ("Scope", "open", 20, "pipeline"),
    ("Offer", "open", 45, "best_case"),
    ("Terms", "open", 80, "commit"),
    ("Signed", "won", 100, "closed"),
    ("Gone", "lost", 0, "omitted"),
)
RATES = {"EUR": Decimal(1), "CHF": Decimal("1.05"), "JPY": Decimal("0.0061")}


def ago(days: int) -> datetime:
    return NOW - timedelta(days=days)


@dataclass
class SmallWorld:
    """Two teams: Anja leads Ben and Cleo; Dov leads Eva. The base currency is EUR."""

    uow: UnitOfWork
    users: dict[str, str] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    number: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.add(Company, name="Tessel Pumps", base_currency="EUR")
        for currency, rate in RATES.items():
            if currency != "EUR":
                self.add(ExchangeRate, currency=currency, rate=rate, rate_on=date(2027, 5, 1))
        for place, (name, status, probability, category) in enumerate(STAGES, 1):
            self.stages[name] = self.add(
                Stage,
                name=name,
                position=place,
                status=status,
                probability=probability,
                forecast_category=category,
            ).id
        for team, people in {"South": ("anja", "ben", "cleo"), "North": ("dov", "eva")}.items():
            team_id = self.add(Team, name=team, regions=[]).id
            for place, name in enumerate(people):
                role = "rep" if place else "manager"
                manager = self.users[people[0]] if place else None
                self.users[name] = self.add(
                    User,
                    name=name.title(),
                    email=f"{name}@tessel.example",
                    role=role,
                    team_id=team_id,
                    manager_id=manager,
                ).id

    def add(self, model: type, **values: Any) -> Any:
        prefix = model.__tablename__
        made = {"id": f"{prefix}_{next(self.number):06d}", "created_at": ago(60), "updated_at": NOW, **values}
        record = model(**made)
        self.uow.session.add(record)
        self.uow.session.flush()
        return record

    def account(self, owner: str = "ben", **values: Any) -> Account:
        return self.add(
            Account, **{"name": f"Account {next(self.number)}", "owner_id": self.users[owner], **values}
        )

    def contact(self, account: Account, **values: Any) -> Contact:
        return self.add(Contact, **{"name": f"Contact {next(self.number)}", "account_id": account.id, **values})

    def deal(
        self, owner: str = "ben", stage: str = "Scope", account: Account | None = None, **values: Any
    ) -> Deal:
        """An open deal with nothing wrong with it, but for what `values` change."""
        account = account or self.account(owner)
        made = {
            "name": f"Deal {next(self.number)}", "account_id": account.id, "owner_id": self.users[owner],
            "stage_id": self.stages[stage], "amount": Decimal(1000), "currency": "EUR", "next_step": "Call them",
            "close_date": date(2027, 6, 15), "forecast_category": "pipeline", "created_at": ago(20), **values,
        }  # fmt: skip
        deal = self.add(Deal, **made)
        self.move(deal, None, "Discover", made["created_at"])
        return deal

    def move(self, deal: Deal, before: str | None, after: str, at: datetime) -> StageChange:
        start = self.stages[before] if before else None
        return self.add(
            StageChange, deal_id=deal.id, from_stage_id=start, to_stage_id=self.stages[after], changed_at=at
        )

    def said(self, deal: Deal | None = None, contacts: tuple[Contact, ...] = (), **values: Any) -> Interaction:
        made = {"type": "call", "occurred_at": ago(2), "owner_id": self.users["ben"], **values}
        if deal is not None:
            made |= {"deal_id": deal.id, "account_id": deal.account_id}
        interaction = self.add(Interaction, **made)
        for contact in contacts:
            self.uow.session.add(InteractionContact(interaction_id=interaction.id, contact_id=contact.id))
        self.uow.session.flush()
        return interaction

    def changed(self, deal: Deal, at: datetime, before: dict[str, Any], after: dict[str, Any]) -> None:
        action = "updated" if before else "created"
        self.uow.session.add(
            AuditEntry(
                effect_id="e",
                at=at,
                action=action,
                kind="deal",
                record_id=deal.id,
                before=before,
                after=after,
                version=2,
            )
        )
        self.uow.session.flush()

    def quota(self, user: str, amount: int, period: str = "quarterly") -> Quota:
        return self.add(Quota, user_id=self.users[user], amount=Decimal(amount), period=period)

    def seen_by(self, name: str, role: Role, language: str = "en") -> View:
        """The same unit of work, from now on in the eyes of somebody."""
        team = {"anja": ("anja", "ben", "cleo"), "ben": ("anja", "ben", "cleo"), "cleo": ("anja", "ben", "cleo")}
        mates = frozenset(self.users[each] for each in team.get(name, ("dov", "eva")))
        tree = mates if role is Role.MANAGER else frozenset((self.users[name],))
        principal = Principal(
            user_id=self.users[name], email=f"{name}@tessel.example", name=name.title(), role=role,
            team_user_ids=mates, tree_user_ids=tree,
        )  # fmt: skip
        self.uow.session.expire_all()
        self.uow.principal = self.uow.session.info["principal"] = principal
        for key in ("row_rules", "attributes", "custom_fields"):
            self.uow.session.info.pop(key, None)
        return View(self.uow, language)
