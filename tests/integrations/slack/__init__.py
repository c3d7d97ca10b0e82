"""The Slack app: against a strict stand-in of the Web API, signed requests, and a mock server of others."""
