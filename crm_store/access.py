"""The row rules of definitions §1, as SQL predicates over tables. Nouns name theirs from here."""

from collections.abc import Callable, Iterable

from sqlalchemy import ColumnElement, Table, and_, false, or_, select, true

from crm_store.principals import Principal, Role

Rule = Callable[[Principal, Table], ColumnElement[bool]]


def everyone(principal: Principal, table: Table) -> ColumnElement[bool]:
    """All rows for all people."""
    return true()


def nobody(principal: Principal, table: Table) -> ColumnElement[bool]:
    """No rows."""
    return false()


def by_role(
    *,
    rep: Rule = nobody,
    manager: Rule | None = None,
    support: Rule = nobody,
    marketer: Rule = nobody,
    admin: Rule = everyone,
) -> Rule:
    """One rule a role; a manager's defaults to the rep's (which reads reach and command of the asker)."""
    rules = {
        Role.REP: rep,
        Role.MANAGER: manager or rep,
        Role.SUPPORT: support,
        Role.MARKETER: marketer,
        Role.ADMIN: admin,
        Role.SYSTEM: everyone,
    }

    def rule(principal: Principal, table: Table) -> ColumnElement[bool]:
        return rules[principal.role](principal, table)

    return rule


def any_of(*rules: Rule) -> Rule:
    """Rows that one of the rules lets through."""

    def rule(principal: Principal, table: Table) -> ColumnElement[bool]:
        return or_(*(each(principal, table) for each in rules))

    return rule


def in_reach(column: str) -> Rule:
    """Rows whose `column` names someone whose records the asker may read."""

    def rule(principal: Principal, table: Table) -> ColumnElement[bool]:
        return _among(table, column, principal.reach)

    return rule


def in_command(column: str) -> Rule:
    """Rows whose `column` names someone whose records the asker may change."""

    def rule(principal: Principal, table: Table) -> ColumnElement[bool]:
        return _among(table, column, principal.command)

    return rule


def own(column: str) -> Rule:
    """Rows whose `column` names the asker."""

    def rule(principal: Principal, table: Table) -> ColumnElement[bool]:
        return _among(table, column, (principal.user_id,))

    return rule


def unassigned_in_region(owner: str = "owner_id", region: str = "region") -> Rule:
    """Rows without owner in a region of the asker's teams."""

    def rule(principal: Principal, table: Table) -> ColumnElement[bool]:
        return and_(table.c[owner].is_(None), _among(table, region, principal.regions))

    return rule


def not_empty(column: str) -> Rule:
    """Rows that have a value in `column`."""

    def rule(principal: Principal, table: Table) -> ColumnElement[bool]:
        return table.c[column].is_not(None)

    return rule


def via(column: str, other: Callable[[], Table], rule: Rule) -> Rule:
    """Rows whose `column` points to a row of `other` that `rule` lets through."""

    def through(principal: Principal, table: Table) -> ColumnElement[bool]:
        target = other()
        return table.c[column].in_(select(target.c.id).where(rule(principal, target)))

    return through


def _among(table: Table, column: str, ids: Iterable[str]) -> ColumnElement[bool]:
    return table.c[column].in_(sorted(ids))
