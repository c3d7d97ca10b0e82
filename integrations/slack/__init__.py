"""The Slack app. Not built yet: the terminal is the only channel so far."""
