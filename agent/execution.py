"""Runs one tool call: one unit of work, the effect ledger, policy, and what the model and the person get."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.aftercare import Aftercare
from agent.edits import Edit, apply_edits
from agent.effects import effect_hash, receipts
from agent.note_words import parts_of, source_in
from agent.outcome import Outcome
from agent.policy import Reason, reasons_to_ask
from agent.stopping import Stopped, TurnStoppedError, go_on, never
from agent.translation import failure_part, failure_result
from core.errors import DealhandError, PersonFixableError
from core.parts import AnyPart, ApprovalRequest, ChangeReceipt, Text
from core.registry import UnknownNameError
from core.settings import Settings
from crm_store.conversation_log import ConversationLog, ProposedCall
from crm_store.conversations import Approval
from crm_store.ledger import find_effect, record_effect
from crm_store.names import NameIndex
from crm_store.principals import Principal
from crm_store.store import Store
from crm_store.unit_of_work import Cause, UnitOfWork
from memory.feeder import Feeder
from tools.registry import Tool, ToolContext, ToolEffect, ToolResult, find_tool
from tools.resolver import Resolver

EFFECT_CHARS = 16


class KeyReusedError(PersonFixableError):
    """The key of a change was used before, for a different one."""


@dataclass(frozen=True, slots=True)
class TurnContext:
    """What all calls of a turn share. `said_at` fixes what "tomorrow" means, however late a yes comes."""

    principal: Principal
    conversation_id: str
    turn_id: str
    channel: str
    language: str
    message: str
    said_at: datetime
    stopped: Stopped = never


@dataclass(frozen=True)
class ToolRunner:
    """Runs tool calls for turns; holds nothing of a turn itself."""

    store: Store
    names: NameIndex
    log: ConversationLog
    settings: Settings
    feeder: Feeder | None = None

    def run(
        self,
        turn: TurnContext,
        key: str,
        name: str,
        arguments: dict[str, Any],
        *,
        approved_hash: str = "",
        doubts: Sequence[Reason] = (),
        edits: Sequence[Edit] = (),
    ) -> Outcome:
        """Runs one call; a call with the same ledger key has its effect once.

        A change that policy wants a yes for is rolled back and kept as an approval, unless `approved_hash`
        is the hash of exactly this effect. `doubts` are reasons to ask that lie in how the call came about;
        `edits` are values that the person put in place of those of the call.

        Raises:
            TurnStoppedError: the person stopped the turn; nothing of this call is kept.
        """
        go_on(turn.stopped)
        try:
            tool = find_tool(name)
        except UnknownNameError as error:
            return Outcome({"error": "unknown_tool", "message": str(error)}, failed=True)
        try:
            return self._run(turn, tool, key, arguments, approved_hash, doubts, edits)
        except TurnStoppedError:
            raise
        except DealhandError as error:
            return failed(error, turn.language)

    def attempt(self, turn: TurnContext, key: str, name: str, arguments: dict[str, Any]) -> Outcome:
        """Like `run`, for a caller that answers errors itself.

        Raises:
            DealhandError: whatever the call refuses.
        """
        return self._run(turn, find_tool(name), key, arguments, "", (), ())

    def _run(
        self,
        turn: TurnContext,
        tool: Tool,
        key: str,
        arguments: dict[str, Any],
        approved_hash: str,
        doubts: Sequence[Reason],
        edits: Sequence[Edit],
    ) -> Outcome:
        writes = tool.effect is not ToolEffect.READ
        outcome = None
        with self.store.unit_of_work(turn.principal, _cause(turn, tool), writes=writes) as uow:
            known = find_effect(uow, key) if writes else None
            if known is not None:
                return _as_before(known, tool, arguments)
            context = self._context(uow, turn)
            found = tool.call(context, arguments)
            apply_edits(context, edits)
            changed, changes = receipts(uow, turn.language), list(uow.changes)
            source = source_in(uow, turn.message, tool.name, arguments, changed) if changes else ""
            reasons = reasons_to_ask(uow, tool, self.settings, spoken=bool(source), doubts=doubts)
            if not changes:
                outcome = _outcome(found, [], unchanged=unchanged_text(turn.language) if writes else "")
            elif not reasons or approved_hash == effect_hash(changes):
                outcome = _outcome(found, changed)
                record_effect(uow, key, {**outcome.to_json(), "call": _call_hash(tool, arguments)})
                go_on(turn.stopped)
                uow.commit()
        if outcome is not None:
            Aftercare(self.store, self.feeder).after(turn.principal, changes, found.suggested)
            return outcome
        call = ProposedCall(
            turn.conversation_id, turn.turn_id, turn.principal.user_id, key, tool.name, arguments,
            effect_hash(changes), tuple(edit.to_json() for edit in edits),
        )  # fmt: skip
        return self._propose(turn, call, changed, tuple(reason.of(turn.language) for reason in reasons), source)

    def parts_of(self, turn: TurnContext, name: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        """The calls that one call is to be run as: itself, but a voice note's changes of a deal one by one."""
        if name != "update_deal":
            return [arguments]
        with self.store.unit_of_work(turn.principal, writes=False) as uow:
            return parts_of(self._context(uow, turn), name, arguments)

    @contextmanager
    def rehearsal(
        self, turn: TurnContext, name: str, arguments: dict[str, Any], edits: Sequence[Edit]
    ) -> Iterator[ToolContext]:
        """The records as they would be after a call; everything is taken back at the end of the block.

        Raises:
            DealhandError: whatever the tool, or a value among the edits, refuses.
        """
        tool = find_tool(name)
        with self.store.unit_of_work(turn.principal, _cause(turn, tool), writes=True) as uow:
            context = self._context(uow, turn)
            tool.call(context, arguments)
            apply_edits(context, edits)
            yield context

    def _context(self, uow: UnitOfWork, turn: TurnContext) -> ToolContext:
        return ToolContext(
            uow=uow,
            resolver=Resolver(uow, self.names.lexicon(uow)),
            language=turn.language,
            message=turn.message,
            conversation_id=turn.conversation_id,
            fiscal_first_month=self.settings.fiscal_year_first_month,
            suggest_after_log=self.settings.suggest_after_log,
            briefing_rule=self.settings.briefing_rule,
            delivery_channel=self.settings.delivery_channel,
        )

    def _propose(
        self,
        turn: TurnContext,
        call: ProposedCall,
        changed: list[ChangeReceipt],
        reasons: tuple[str, ...],
        source: str,
    ) -> Outcome:
        approval = self.log.propose(call, self.settings.approval_hours)
        receipt_lines = [_line(receipt) for receipt in changed]
        request = request_for(approval, changed, reasons, source)
        result: dict[str, Any] = {"waiting_for_yes": receipt_lines, "because": list(reasons)}
        records = [receipt.record for receipt in changed if receipt.action != "created"]
        result["records"] = [[record.kind, record.id, record.name] for record in records]
        return Outcome(result, [request], records)


def request_for(
    approval: Approval, changed: list[ChangeReceipt], reasons: Sequence[str], source: str
) -> ApprovalRequest:
    """An approval as the person sees it: what would change, and why they are asked."""
    return ApprovalRequest(
        approval_id=approval.id,
        text="\n".join(_line(receipt) for receipt in changed),
        changes=tuple(receipt.model_copy(update={"undo": ""}) for receipt in changed),
        reasons=tuple(reasons),
        expires_at=approval.expires_at.isoformat(),
        effect=approval.effect_hash[:EFFECT_CHARS],
        source=source,
    )


def failed(error: DealhandError, language: str) -> Outcome:
    """The outcome of a call that was refused."""
    return Outcome(failure_result(error), [failure_part(error, language)], failed=True)


def effect_key(turn: TurnContext, call_id: str) -> str:
    """The ledger key of a call: conversation, turn and call id."""
    text = f"{turn.conversation_id}|{turn.turn_id}|{call_id}"
    return hashlib.sha256(text.encode()).hexdigest()


def unchanged_text(language: str) -> str:
    """Said when a change would have set what is there already."""
    return {"en": "That is so already; nothing was changed.", "zh": "已经是这样了，没有修改。"}[language]


def _cause(turn: TurnContext, tool: Tool) -> Cause:
    return Cause(
        channel=turn.channel,
        conversation_id=turn.conversation_id,
        turn_id=turn.turn_id,
        reason=tool.name,
        said_at=turn.said_at,
    )


def _as_before(known: dict[str, Any], tool: Tool, arguments: dict[str, Any]) -> Outcome:
    if known.get("call", _call_hash(tool, arguments)) != _call_hash(tool, arguments):
        raise KeyReusedError(
            "This key was used for another change; a new change needs a new key.",
            zh="此键已用于另一项修改；新的修改需要新的键。",
        )
    return Outcome.from_json(known)


def _call_hash(tool: Tool, arguments: dict[str, Any]) -> str:
    text = json.dumps([tool.name, arguments], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _outcome(found: ToolResult, changed: list[ChangeReceipt], *, unchanged: str = "") -> Outcome:
    records = list(dict.fromkeys((*found.records, *(receipt.record for receipt in changed))))
    result = dict(found.content)
    if changed:
        result["changes"] = [_line(receipt) for receipt in changed]
        result["undo"] = changed[0].undo
    if records:
        result["records"] = [[record.kind, record.id, record.name] for record in records]
    parts: list[AnyPart] = [*changed, *found.parts]
    if unchanged and not parts:
        parts.append(Text(text=unchanged))
    return Outcome(result, parts, records, shows_foreign_text=found.shows_foreign_text)


def _line(receipt: ChangeReceipt) -> str:
    fields = "; ".join(
        f"{change.label}: {change.after}"
        if receipt.action == "created"
        else f"{change.label}: {change.before} → {change.after}"
        for change in receipt.fields
    )
    return f"{receipt.action} {receipt.record.kind} {receipt.record.name}" + (f" ({fields})" if fields else "")
