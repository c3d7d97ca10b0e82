"""Takes events of Slack in: each file one listener, found by its `register`."""
