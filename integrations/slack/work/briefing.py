"""When someone is briefed, as they choose it in their home; changed like any record."""

from typing import Any

from briefings.preferences import BRIEFING
from crm_store.unit_of_work import Cause
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
    values: dict[str, Any] = {"is_active": rule != OFF, "channel": "slack"}
    values |= {"rule": rule} if rule != OFF else {}
    cause = Cause(channel="slack", reason="briefing_time")
    with slack.runtime.store.unit_of_work(person, cause) as uow:
        own = [each for each in uow.all("schedule") if each.job == BRIEFING and each.owner_id == person.user_id]
        if own:
            uow.update("schedule", own[0], values)
        else:
            uow.create("schedule", {"job": BRIEFING, "rule": RULES[2], "owner": person.user_id, **values})
        uow.commit()
    home.publish(slack, place)
