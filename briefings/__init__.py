"""Composes and schedules briefings and reminders from records; needs no channel and no model."""
