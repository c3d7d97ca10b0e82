"""Typed conditions over records as SQL: attributes, conditions, and the rows, counts and names they select.

Statements are built from ORM entities only, so the permission filter of the session applies to all of them,
subqueries included. Words are read elsewhere (`tools/filters.py`); here every value is typed.
"""

from crm_store.query.attributes import Attribute, Condition, Limit, Op, OwnClause, Parent, attribute_of
from crm_store.query.conditions import clause, clauses, day_start, in_period
from crm_store.query.rows import (
    count_where,
    distinct_values,
    names_of,
    order_of,
    readable,
    sight,
    worth,
)

__all__ = [
    "Attribute", "Condition", "Limit", "Op", "OwnClause", "Parent", "attribute_of", "clause", "clauses",
    "count_where", "day_start", "distinct_values", "in_period", "names_of", "order_of", "readable", "sight", "worth",
]  # fmt: skip
