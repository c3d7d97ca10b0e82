"""Channels: each folder renders replies for one place where people talk to the agent."""
