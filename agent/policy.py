"""What needs a person's yes before it happens (definitions §8). Judged on the canonical effect, by code."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.settings import Settings
from crm_store.nouns import FieldType
from crm_store.rates import to_base
from crm_store.schema import NOUNS
from crm_store.stages import Stage
from crm_store.unit_of_work import Change, UnitOfWork
from tools.registry import Tool, ToolEffect

OWNER_FIELDS = frozenset({"owner"})
BULK_TOOLS = frozenset({"update_records"})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a change waits for a yes, in both languages."""

    en: str
    zh: str

    def of(self, language: str) -> str:
        """The reason in `language`."""
        return self.zh if language == "zh" else self.en


CLOSING = Reason("it closes a deal", "会关闭商机")
DELETING = Reason("it deletes a record", "会删除记录")
OWNER = Reason("it changes who owns a record", "会更换负责人")
BULK = Reason("it changes several records at once", "会一次修改多条记录")
AMOUNT = Reason("the amount changes a lot", "金额变动较大")
SENDING = Reason("it reaches someone outside", "会发送到外部")
UNTRUSTED = Reason("it follows words that are not yours", "依据的不是您自己的话")
UNSURE = Reason("I am not sure that I understood you", "我不确定是否理解正确")
SPOKEN = Reason("it was spoken: please check that it was heard right", "来自语音：请确认识别无误")
EVERYTHING = Reason("every change asks first, by setting", "设置为每次修改都先确认")
ADMINISTRATION = Reason("it changes how the CRM is set up", "会改动系统设置")

_SETUP_KINDS = frozenset(
    {"stage", "field", "user", "team", "quota", "exchange_rate", "product", "company", "own_rule"}
)


def reasons_to_ask(
    uow: UnitOfWork, tool: Tool, settings: Settings, *, spoken: bool = False, doubts: Sequence[Reason] = ()
) -> list[Reason]:
    """Why the changes collected in the unit of work need a yes; none when they may be applied at once.

    `doubts` are reasons that lie in how the call came about. An undo needs none: it brings back what was there before.
    """
    if uow.cause.undoes:
        return []
    changes = [change for change in uow.changes if not NOUNS[change.kind].part_of]
    checks = (
        (CLOSING, any(_closes(uow, change) for change in changes)),
        (DELETING, any(change.action == "deleted" for change in changes)),
        (OWNER, any(_changes_owner(change) for change in changes)),
        (BULK, tool.name in BULK_TOOLS and sum(change.action == "updated" for change in changes) > 1),
        (AMOUNT, any(_changes_amount_much(uow, change, settings) for change in changes)),
        (SENDING, tool.effect is ToolEffect.SEND),
        (ADMINISTRATION, any(change.kind in _SETUP_KINDS for change in changes)),
        *((doubt, True) for doubt in doubts),
        (SPOKEN, spoken),
        (EVERYTHING, settings.confirm_small_changes),
    )
    return [reason for reason, applies in checks if applies and changes]


def _closes(uow: UnitOfWork, change: Change) -> bool:
    if change.kind != "deal" or change.action != "updated" or "stage" not in change.after:
        return False
    stage = uow.session.get(Stage, change.after["stage"])
    return stage is not None and stage.status != "open"


def _changes_owner(change: Change) -> bool:
    return change.action == "updated" and bool(OWNER_FIELDS & set(change.after))


def _changes_amount_much(uow: UnitOfWork, change: Change, settings: Settings) -> bool:
    noun = NOUNS[change.kind]
    amounts = [spec.name for spec in noun.fields if spec.type is FieldType.AMOUNT and spec.name in change.after]
    if change.action != "updated" or not amounts:
        return False
    record = uow.find(change.kind, change.record_id)
    currency = getattr(record, "currency", "") or uow.base_currency
    for name in amounts:
        before, after = Decimal(change.before.get(name) or 0), Decimal(change.after.get(name) or 0)
        step = abs(after - before)
        share = step / before * 100 if before else Decimal(0)
        large = to_base(uow, step, currency) > settings.ask_amount_over
        if before and share > settings.ask_amount_percent and large:
            return True
    return False
