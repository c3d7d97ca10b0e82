"""What one clause says about fields of a deal: new values as the server reads them, each with how surely it
is meant."""

from collections.abc import Callable, Iterator, Sequence

from language.builtin.clauses import Clause, Outline, dates_in
from language.builtin.deal_amounts import amount_in, new_amounts
from language.builtin.deal_dates import close_date_in
from language.builtin.deal_forecast import forecast_in
from language.builtin.deal_roles import contact_in, owner_in
from language.builtin.deal_stages import outcome_in, stage_in, stage_reference
from language.builtin.field_change import FieldChange
from language.builtin.spoken import spoken_amount, spoken_date


def fields_in(outline: Outline, clause: Clause, before: Clause | None) -> list[FieldChange]:
    """All changes of deal fields in a clause, given the clause before it."""
    found = [change for read in _READERS for change in read(outline, clause, before)]
    if _is_only_told(clause):
        return [FieldChange(each.field, each.value, each.at, weak=True) for each in found]
    return found


def _is_only_told(clause: Clause) -> bool:
    """Whether a clause tells what others say or want; "the bars at Mirador need till May" says what a deal needs."""
    needs = clause.hit("needs_till")
    return any(
        needs is None or not needs.first < hit.first < needs.after for hit in clause.all("reported", "wished")
    )


def value_for(outline: Outline, clause: Clause, name: str) -> str:
    """The value of the right type for a field in a clause that gives nothing else: a corrected day or amount."""
    if name == "close_date":
        days = [each for each in dates_in(clause) if each.on or each.shift]
        return spoken_date(days[-1]) if days else ""
    if name == "amount":
        amounts = new_amounts(outline, clause)
        return spoken_amount(amounts[-1], 0) if amounts else ""
    if name == "stage":
        stages = clause.things("stage")
        return stage_reference(stages[-1].thing) if stages else ""
    return ""


_READERS: Sequence[Callable[[Outline, Clause, Clause | None], Iterator[FieldChange]]] = (
    stage_in,
    outcome_in,
    amount_in,
    close_date_in,
    forecast_in,
    owner_in,
    contact_in,
)
