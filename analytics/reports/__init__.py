"""The reports: one module each, found by `analytics/report.py`."""
