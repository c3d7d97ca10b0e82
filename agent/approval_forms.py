"""A pending approval as a form: its values to be changed before the yes, and the approval with the new ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.approvals import answerable, turn_of
from agent.edits import Edit, record_keys, typed_value
from agent.effects import effect_hash, net_changes, receipts
from agent.execution import request_for
from agent.note_words import source_in
from agent.policy import reasons_to_ask
from agent.runtime import Runtime
from agent.translation import failure_part
from core.errors import DealhandError, PersonFixableError
from core.parts import ApprovalRequest, ChangeReceipt
from crm_store.display import choice_label
from crm_store.nouns import FieldSpec, FieldType
from crm_store.schema import NOUNS
from crm_store.unit_of_work import Change
from crm_store.values import from_plain, to_text
from tools.registry import TOOLS, ToolContext

# Fields with more text than this are not put into a form.
LONGEST_VALUE = 3000
_CHOSEN = frozenset({"stage"})


class NotEditableError(PersonFixableError):
    """The approval cannot be edited: it was answered, has expired or is not the asker's to answer."""

    def __init__(self) -> None:
        super().__init__("This request cannot be edited any more.", zh="该请求已不能再编辑。")


@dataclass(frozen=True, slots=True)
class FormField:
    """One value of a pending change. `choices` are (value, label); `type` is a field type's name."""

    record: str
    field: str
    label: str
    record_name: str
    type: str
    value: str
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """What names this field within the form."""
        return f"{self.record}|{self.field}"


@dataclass(frozen=True)
class Refused:
    """Values that cannot be taken, with the reason of each by the field's key."""

    reasons: Mapping[str, str]


def approval_form(runtime: Runtime, user_email: str, approval_id: str) -> list[FormField]:
    """The values of a pending approval that a person may change, as they stand.

    Raises:
        NotEditableError: it was answered, has expired, or is not theirs to answer.
    """
    found = answerable(runtime, user_email, approval_id)
    if found is None:
        raise NotEditableError
    turn = turn_of(runtime, found.asker, found.approval)
    edits = edits_of(found.approval.edits)
    with runtime.runner.rehearsal(turn, found.approval.tool, found.approval.arguments, edits) as ctx:
        return list(_fields(ctx))


def edit_approval(
    runtime: Runtime, user_email: str, approval_id: str, values: Mapping[str, str]
) -> ApprovalRequest | Refused:
    """Puts values (by key of the form's fields) into a pending approval: what it then shows is what is written.

    Raises:
        NotEditableError: it was answered, has expired, or is not theirs to answer.
    """
    found = answerable(runtime, user_email, approval_id)
    if found is None:
        raise NotEditableError
    approval = found.approval
    turn = turn_of(runtime, found.asker, approval)
    current = {field.key: field for field in approval_form(runtime, user_email, approval_id)}
    changed = [
        Edit(current[key].record, current[key].field, text)
        for key, text in values.items()
        if key in current and text.strip() != current[key].value.strip()
    ]
    kept = [edit for edit in edits_of(approval.edits) if (edit.record, edit.field) not in _places(changed)]
    refused = _refused(runtime, turn, approval, kept, changed)
    if refused:
        return Refused(refused)
    edits = [*kept, *changed]
    with runtime.runner.rehearsal(turn, approval.tool, approval.arguments, edits) as ctx:
        shown = receipts(ctx.uow, turn.language)
        digest = effect_hash(ctx.uow.changes)
        reasons, source = _asked_for(runtime, ctx, approval, shown)
    if not runtime.log.revise(approval, [edit.to_json() for edit in edits], digest):
        raise NotEditableError
    approval.effect_hash = digest
    return request_for(approval, shown, reasons, source)


def current_request(runtime: Runtime, user_email: str, approval_id: str) -> ApprovalRequest | None:
    """A pending approval as it stands now; None when it is not theirs to answer (any more)."""
    found = answerable(runtime, user_email, approval_id)
    if found is None:
        return None
    turn, approval = turn_of(runtime, found.asker, found.approval), found.approval
    try:
        with runtime.runner.rehearsal(turn, approval.tool, approval.arguments, edits_of(approval.edits)) as ctx:
            shown = receipts(ctx.uow, turn.language)
            reasons, source = _asked_for(runtime, ctx, approval, shown)
    except DealhandError:
        return None
    return request_for(approval, shown, reasons, source)


def edits_of(kept: Sequence[Mapping[str, Any]]) -> list[Edit]:
    """The edits that an approval holds."""
    return [Edit(**each) for each in kept]


def _asked_for(
    runtime: Runtime, ctx: ToolContext, approval: Any, shown: Sequence[ChangeReceipt]
) -> tuple[list[str], str]:
    """Why the rehearsed change needs a yes, and the words of a voice note that it came from."""
    source = source_in(ctx.uow, ctx.message, approval.tool, approval.arguments, shown)
    reasons = reasons_to_ask(ctx.uow, TOOLS.get(approval.tool), runtime.settings, spoken=bool(source))
    return [reason.of(ctx.language) for reason in reasons], source


def _refused(runtime: Runtime, turn: Any, approval: Any, kept: list[Edit], changed: list[Edit]) -> dict[str, str]:
    refused: dict[str, str] = {}
    with runtime.runner.rehearsal(turn, approval.tool, approval.arguments, kept) as ctx:
        keys = record_keys(ctx.uow.changes)
        for edit in changed:
            change = keys[edit.record]
            spec = ctx.uow.field(change.kind, edit.field)
            record = ctx.uow.find(change.kind, change.record_id)
            try:
                if spec.required and not edit.text.strip():
                    refused[f"{edit.record}|{edit.field}"] = _NEEDED[turn.language]
                else:
                    typed_value(ctx, spec, edit.text, record)
            except DealhandError as error:
                refused[f"{edit.record}|{edit.field}"] = failure_part(error, turn.language).text
    if refused or not changed:
        return refused
    try:
        with runtime.runner.rehearsal(turn, approval.tool, approval.arguments, [*kept, *changed]):
            return {}
    except DealhandError as error:
        return {f"{changed[0].record}|{changed[0].field}": failure_part(error, turn.language).text}


def _places(edits: list[Edit]) -> set[tuple[str, str]]:
    return {(edit.record, edit.field) for edit in edits}


def _fields(ctx: ToolContext) -> list[FormField]:
    keys = {change.record_id: key for key, change in record_keys(ctx.uow.changes).items()}
    fields = []
    for change in net_changes(ctx.uow.changes):
        if change.action == "deleted":
            continue
        specs = {spec.name: spec for spec in ctx.uow.fields(change.kind)}
        for name in change.after:
            spec = specs.get(name)
            if spec is not None and _editable(spec, change):
                fields.append(_field(ctx, keys[change.record_id], change, spec))
    return [field for field in fields if len(field.value) <= LONGEST_VALUE]


def _editable(spec: FieldSpec, change: Change) -> bool:
    if spec.follows or spec.type in (FieldType.DATETIME, FieldType.LIST, FieldType.REFS):
        return False
    return change.action == "updated" or spec.name not in ("status", "created_by", "external_id")


def _field(ctx: ToolContext, key: str, change: Change, spec: FieldSpec) -> FormField:
    return FormField(
        record=key,
        field=spec.name,
        label=spec.label.of(ctx.language),
        record_name=change.record_name,
        type=spec.type.value,
        value=_text(ctx, spec, change.after.get(spec.name)),
        choices=_choices(ctx, spec),
    )


def _text(ctx: ToolContext, spec: FieldSpec, plain: Any) -> str:
    if spec.type is FieldType.REF:
        record = ctx.uow.find(spec.ref, plain)
        return ctx.uow.name_of(spec.ref, record) if record is not None else ""
    return to_text(spec, from_plain(spec, plain))


def _choices(ctx: ToolContext, spec: FieldSpec) -> tuple[tuple[str, str], ...]:
    if spec.type is FieldType.CHOICE:
        return tuple((choice, choice_label(choice, ctx.language)) for choice in spec.choices)
    if spec.type is FieldType.BOOLEAN:
        return tuple(
            (value, choice_label(word, ctx.language)) for value, word in (("true", "yes"), ("false", "no"))
        )
    if spec.ref in _CHOSEN:
        column = NOUNS[spec.ref].field(NOUNS[spec.ref].name_field).column
        names = [getattr(record, column) for record in ctx.uow.all(spec.ref)]
        return tuple((name, name) for name in names)
    return ()


_NEEDED = {"en": "This is needed.", "zh": "必填。"}
