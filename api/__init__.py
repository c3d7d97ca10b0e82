"""The same agent and records over HTTP: REST, web workspace, webhooks."""
