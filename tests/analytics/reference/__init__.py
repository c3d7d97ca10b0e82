"""Every metric of definitions §3 as plain SQL over the tables, for one asker; written from the definitions alone."""
