"""The parts of a dictated note in one card: each with the words it came from and a tick, one yes for what is ticked."""

from collections.abc import Sequence

from core.parts import AnyPart, ApprovalRequest
from integrations.slack.render import blocks as b
from integrations.slack.render import limits
from integrations.slack.render.parts import Draw, moment, said_of, wanted, wanted_text
from integrations.slack.render.text import cut, escape, literal

# What is ticked comes back in the state of the message, under actions that begin so.
TICKS = "parts_ticked"


def parts_of_note(parts: Sequence[AnyPart]) -> list[ApprovalRequest]:
    """The requests of a dictated note that are asked together; none where there is only one."""
    found = [part for part in parts if isinstance(part, ApprovalRequest) and part.source]
    return found if len(found) > 1 else []


def draw_together(requests: Sequence[ApprovalRequest], how: Draw) -> list[b.Block]:
    """One card: numbered parts, their ticks (all set), one button for what is ticked and one for nothing."""
    blocks = [b.section(f"*{how.say('confirm_parts')}*")]
    for number, request in enumerate(requests, 1):
        value = f"{how.turn_id}|{request.approval_id}|{request.effect}"
        text = "\n".join([*(wanted_text(each, how) for each in request.changes), said_of(request, how)])
        shown = cut(f"*{number}.* {text}", limits.SECTION_CHARS - 10)
        blocks.append(b.section(shown, accessory=b.button(how.say("edit"), "approval_edit", value)))
    reasons = dict.fromkeys(escape(reason) for request in requests for reason in request.reasons)
    expires = min(request.expires_at for request in requests)
    blocks.append(b.context(
        how.say("because", reasons="; ".join(reasons)),
        how.say("expires", moment=moment(expires, how.timezone, how.language)),
    ))  # fmt: skip
    options = [
        b.option(_label(number, request, how), request.approval_id) for number, request in enumerate(requests, 1)
    ]
    step = limits.MOST_TICKS
    ticks = [b.checkboxes(f"{TICKS}_{n}", options[n : n + step]) for n in range(0, len(options), step)]
    all_of_them = ",".join(f"{each.approval_id}:{each.effect}" for each in requests)
    value = f"{how.turn_id}|{all_of_them}"
    buttons = [
        b.button(how.say("apply_ticked"), "parts_apply", value, style="primary"),
        b.button(how.say("cancel_all"), "parts_cancel", value, style="danger"),
    ]
    return [*blocks, b.actions([*ticks, *buttons])]


def _label(number: int, request: ApprovalRequest, how: Draw) -> str:
    change = request.changes[0]
    what = ", ".join(field.label for field in change.fields[:2]) if change.action == "updated" else ""
    return f"{number}. {literal(wanted(change, how.language))}" + (f": {what}" if what else "")
