"""What is not a table of its own: world.json (base currency, rates, regions of teams) and quotas of users.csv."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.errors import InvalidArgumentError
from crm_store.company import Company
from crm_store.nouns import FieldSpec, FieldType, Label, Values
from crm_store.schema import NOUNS
from crm_store.transfer.headers import QUOTA_COLUMN, Columns
from crm_store.transfer.matching import Matcher
from crm_store.transfer.report import ImportReport, Rejection
from crm_store.transfer.sources import Source
from crm_store.transfer.writing import BulkWriter, ChangedRecord, NewRecord, fresh_id
from crm_store.unit_of_work import NotPermittedError, UnitOfWork
from crm_store.values import from_text, to_plain

COMPANY_FILE = "world.json"
RULE_FIELDS = ("rules_off", "rule_limits")
EVERY_QUARTER = "quarterly"
_QUOTA = FieldSpec(QUOTA_COLUMN, FieldType.AMOUNT, Label("quarterly quota", "季度配额"))


def import_company_file(uow: UnitOfWork, folder: Path, report: ImportReport) -> None:
    """Takes in world.json where the folder has one; what cannot be read or may not be written is reported."""
    path = folder / COMPANY_FILE
    if not path.is_file():
        return
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        _import_company(uow, content)
    except (OSError, ValueError, TypeError, AttributeError, InvalidOperation):
        report.rejections.append(Rejection(COMPANY_FILE, 0, "", "It does not describe a company."))
        uow.session.rollback()
    except NotPermittedError as error:
        report.rejections.append(Rejection(COMPANY_FILE, 0, "", error.message))
        uow.session.rollback()


def import_quotas(uow: UnitOfWork, source: Source, columns: Columns, records: Mapping[int, str]) -> None:
    """Sets the quota of every quarter from the column of users.csv; empty or 0 means none.

    Rows that were rejected (they are not among `records`, ids by line) set nothing.
    """
    if columns.quota is None:
        return
    for row in source.rows():
        if row.line not in records:
            continue
        try:
            amount = from_text(_QUOTA, row.cells[columns.quota])
        except InvalidArgumentError:
            continue
        if amount:
            upsert(uow, "quota", {"user": records[row.line], "period": EVERY_QUARTER, "amount": amount})


def upsert(uow: UnitOfWork, kind: str, values: Values) -> str:
    """Creates the record of this natural key or changes what is different; gives its id.

    Raises:
        NotPermittedError: the principal may not write it.
    """
    noun = NOUNS[kind]
    writer = BulkWriter(uow, noun, noun.fields)
    found = Matcher(uow.session, noun).claim(values) if kind != "company" else _only_company(uow)
    if found is None:
        record = NewRecord(fresh_id(noun), values)
        if writer.create([record]):
            raise NotPermittedError(f"You may not create a {noun.label.en}.")
        return record.id
    row = writer.stored([found])[found]
    before = {name: writer.plain_value(noun.field(name), row) for name in values}
    changed = {n: value for n, value in values.items() if to_plain(noun.field(n), value) != before[n]}
    if changed and found not in writer.writable([found]):
        raise NotPermittedError(f"You may not change this {noun.label.en}.")
    if changed:
        writer.change([ChangedRecord(row, {name: before[name] for name in changed}, changed)])
    return found


def _import_company(uow: UnitOfWork, content: Mapping[str, Any]) -> None:
    company: Values = {
        name: str(content[name]).replace("\x00", "") for name in ("name", "base_currency") if name in content
    }
    if "today" in content:
        company["demo_day"] = date.fromisoformat(content["today"])
    company |= {name: [str(each) for each in content[name]] for name in RULE_FIELDS if name in content}
    if company:
        upsert(uow, "company", company)
    rates: Mapping[str, Any] = content.get("exchange_rates", {})
    day = date.fromisoformat(content["exchange_rates_on"]) if "exchange_rates_on" in content else uow.today
    for currency, rate in rates.items():
        upsert(uow, "exchange_rate", {"currency": currency, "rate": Decimal(str(rate)), "rate_on": day})
    regions: Mapping[str, list[str]] = content.get("team_regions", {})
    for team, names in regions.items():
        upsert(uow, "team", {"name": team, "regions": [str(name) for name in names]})


def _only_company(uow: UnitOfWork) -> str | None:
    company = uow.session.scalars(select(Company)).first()
    return company.id if company else None
