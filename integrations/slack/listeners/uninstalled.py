"""`app_uninstalled` and `tokens_revoked`: everything of the workspace is wiped."""

from typing import Any

from slack_bolt import App, BoltContext

from integrations.slack.service import Slack


def register(app: App, slack: Slack) -> None:
    """Listens."""

    def wipe(body: dict[str, Any], context: BoltContext) -> None:
        workspace = context.team_id or str(body.get("team_id") or body.get("enterprise_id") or "")
        if workspace and not slack.workspaces.installed_since(workspace, float(body.get("event_time") or 0)):
            slack.workspaces.forget(workspace)
            slack.people.forget(workspace)

    @app.event("app_uninstalled")
    def uninstalled(body: dict[str, Any], context: BoltContext) -> None:
        wipe(body, context)

    @app.event("tokens_revoked")
    def revoked(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        if (event.get("tokens") or {}).get("bot"):
            wipe(body, context)
