"""System of record: nouns with their tables, unit of work, permissions, audit and undo, import and export."""
