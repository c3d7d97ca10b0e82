"""Runs the hygiene rules over the asker's records: one deal, a set of deals, or the other kinds of rules."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from analytics.hygiene.case_file import CaseFile, open_cases
from analytics.hygiene.own import made_findings
from analytics.hygiene.rule import RULES, Finding, own_rules, threshold
from analytics.records.related import Line
from analytics.view import View
from analytics.wording import say
from crm_store.deals import Deal

_DEAL: Any = Deal


def cases_of(view: View, deals: Sequence[Deal], rules: Collection[str] = ()) -> list[CaseFile]:
    """Case files of the open ones among the deals, with what the rules (none named: all) look at."""
    return open_cases(view, deals, threshold(view, "contacts_days"), rules)


def review_cases(view: View, cases: Iterable[CaseFile], rules: Collection[str] = ()) -> list[Finding]:
    """What the rules for open deals find, deal by deal; those switched off or on hidden fields are left out.

    The company's own rules come after the others, and only where no rules are named.
    """
    off = own_rules(view).off
    chosen = [
        each for each in RULES if each.kind == "deal" and each.id not in off and (not rules or each.id in rules)
    ]
    if "amount" not in {spec.name for spec in view.uow.fields("deal")}:
        chosen = [each for each in chosen if each.id != "H7"]
    ordered = sorted(chosen, key=lambda each: int(each.id[1:]))
    cases = list(cases)
    made = {} if rules else made_findings(view, cases)
    found: list[Finding] = []
    for case in cases:
        found += [finding for each in ordered for finding in each.check(view, case)]
        found += made.get(case.deal.id, ())
    return found


def review_others(view: View, rules: Collection[str], where: Sequence[Any] = ()) -> list[Finding]:
    """What the named rules for other records find (H11 to H14), but those switched off."""
    found: list[Finding] = []
    wanted = set(rules) - own_rules(view).off
    for each in RULES:
        if each.kind != "deal" and each.id in wanted:
            found.extend(each.check(view, where))
    return found


def flags_of(view: View, kind: str, record: Any) -> list[Line]:
    """One line for each finding on a deal, or on the open deals of an account or a contact's account."""
    if "stage" not in {spec.name for spec in view.uow.fields("deal")}:
        return []
    if kind == "deal":
        deals: Sequence[Deal] = [record]
    else:
        account_id = record.id if kind == "account" else record.account_id
        deals = view.uow.all("deal", _DEAL.account_id == account_id)
    findings = review_cases(view, cases_of(view, deals))
    return [
        Line(
            say(
                view.language, "flag", name=finding.record.name, title=finding.title(view.language),
                evidence=finding.evidence,
            ),
            finding.record,
        )
        for finding in findings
    ]  # fmt: skip
