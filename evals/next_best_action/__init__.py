"""Is next best action any good: simulated companies whose best action is known, a null, and next-activity logs."""
