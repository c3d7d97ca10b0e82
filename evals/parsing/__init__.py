"""How dates, durations and amounts are read: items with their meaning, and readers to compare on them."""
