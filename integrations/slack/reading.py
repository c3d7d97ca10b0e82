"""What a reading tool finds for a person, for pages, cards and pickers; a refusal is a part like any other."""

from typing import Any

from agent.direct import look_directly
from agent.execution import failed
from agent.outcome import Outcome
from core.errors import DealhandError
from crm_store.principals import Principal
from integrations.slack.service import Slack


def read(slack: Slack, person: Principal, tool: str, arguments: dict[str, Any]) -> Outcome:
    """What the tool answers, with the person's rights and in their language."""
    try:
        return look_directly(slack.runtime, person, tool, arguments)
    except DealhandError as error:
        return failed(error, person.locale[:2])
