"""Durable execution: queues, timers and retries that survive a restart. It knows no records and no channels."""
