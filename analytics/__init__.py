"""Numbers and findings from records: metrics, lists, cards, hygiene, next actions, search in what was said."""
