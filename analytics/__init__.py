"""Numbers and findings from records: metrics, lists, record cards, hygiene, next actions, search in what was said."""
