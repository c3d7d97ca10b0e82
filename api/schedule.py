"""When, where and whether the caller is briefed."""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from agent.direct import Deed
from api.answers import documented, object_answer, tagged
from api.callers import Reader, Writer, served
from api.deeds import do
from briefings.preferences import list_preferences
from tools.briefing_schedule import CHANNELS

router = APIRouter(prefix="/v1/briefing/schedule", tags=["numbers"])


@router.get("", summary="When I am briefed", responses=object_answer("The caller's own, else the usual one."))
def schedule(request: Request, caller: Reader) -> Response:
    """The rule, channel, quiet hours and time zone that hold for the caller; no rule: no briefing."""
    shared, mine = served(request), caller.principal.user_id
    (found,) = list_preferences(shared.store, shared.settings, frozenset((mine,)))
    quiet = f"{found.quiet[0]:%H:%M}-{found.quiet[1]:%H:%M}" if found.quiet else ""
    body = {
        "rule": str(found.rule) if found.rule else "",
        "channel": found.channel,
        "quiet_hours": quiet,
        "timezone": found.timezone,
        "muted_until": found.muted_until.isoformat() if found.muted_until else "",
        "own": found.schedule_id != "default",
        "channels": CHANNELS,
    }
    return tagged(request, body)


@router.patch("", summary="Set when I am briefed", responses=documented("Changed", "It was set."))
def set_schedule(
    request: Request,
    caller: Writer,
    rule: Annotated[str | None, Body(max_length=100, examples=["mon-fri 08:30"])] = None,
    channel: Annotated[str | None, Body(max_length=20, examples=["slack"])] = None,
    quiet_hours: Annotated[str | None, Body(max_length=40, examples=["19:00-08:00"])] = None,
    timezone: Annotated[str | None, Body(max_length=60, examples=["Europe/Berlin"])] = None,
    muted_until: Annotated[str | None, Body(max_length=40, examples=["2026-04-01"])] = None,
    is_active: Annotated[bool | None, Body(description="Whether briefings come at all.")] = None,
) -> Response:
    """Sets what is given and leaves the rest; takes effect at the next time of the rule."""
    given = {
        "rule": rule,
        "channel": channel,
        "quiet_hours": quiet_hours,
        "timezone": timezone,
        "muted_until": muted_until,
        "is_active": None if is_active is None else str(is_active).lower(),
    }
    fields = {name: text for name, text in given.items() if text is not None}
    return do(request, caller, Deed("set_briefing", {"fields": fields}, "set when I am briefed"))
