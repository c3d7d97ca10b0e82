"""When someone is briefed, as they choose it in their home; changed like any record."""

from typing import Any

from agent.direct import Deed, act_directly
from briefings.preferences import BRIEFING
from integrations.slack.briefing_times import OFF, RULES
from integrations.slack.place import Place
from integrations.slack.service import Slack
from integrations.slack.work import home


def set_time(slack: Slack, payload: dict[str, Any]) -> None:
    """Sets when the person is briefed, in Slack; "off" ends it."""
    place, rule = Place.of(payload), str(payload["rule"])
    person = slack.admitted(place, str(payload["key"]))
    if person is None or rule not in (*RULES, OFF):
        return
    with slack.runtime.store.unit_of_work(person, writes=False) as uow:
        own = [each for each in uow.all("schedule") if each.job == BRIEFING and each.owner_id == person.user_id]
    values: dict[str, Any] = {"is_active": rule != OFF, "channel": "slack"}
    values |= {"rule": rule} if rule != OFF else {}
    if own:
        deed = Deed("change_by_form", {"kind": "schedule", "id": own[0].id, "values": values}, f"[{rule}]")
    else:
        values = {"job": BRIEFING, "rule": RULES[2], "owner": person.user_id, **values}
        deed = Deed("create_by_form", {"kind": "schedule", "values": values}, f"[{rule}]")
    act_directly(slack.runtime, person.email, deed, channel="slack", key=str(payload["key"]))
    home.publish(slack, place)
