"""Whatever nobody listens to is answered all the same; else Slack would deliver it again and again."""

import re

from slack_bolt import Ack, App

from integrations.slack.service import Slack

_ANYTHING = re.compile(".*")


def register(app: App, slack: Slack) -> None:
    """Listens; has to be registered last."""

    @app.event(_ANYTHING)
    def event() -> None:
        return None

    @app.action(_ANYTHING)
    def action(ack: Ack) -> None:
        ack()

    @app.view_closed(_ANYTHING)
    def closed(ack: Ack) -> None:
        ack()
