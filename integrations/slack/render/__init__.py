"""Draws the parts of a reply as Slack blocks, within the limits of the platform."""
