"""get_record: facts, cards and briefs; what is hidden or unknown stays so."""

import pytest

from core.errors import AmbiguousRecordError, RecordNotFoundError
from crm_store.unit_of_work import UnknownFieldError
from tests.asking import Asker, names, text_of


@pytest.fixture
def ask(northstar_store) -> Asker:
    return Asker(northstar_store)


@pytest.mark.parametrize(("user", "language", "record", "fields", "told"), [
    ("priya", "en", "Harold Tanaka", ["phone"], ["+1 979-555-1498"]),
    ("ella", "en", "Vantage line 2 rollout", ["last_activity"], ["2 March 2026", "Priya Ferris"]),
    ("zhangwei", "zh", "云栖智造扩容", ["stage", "amount"], ["Negotiation", "2,283,800"]),
    ("chenli", "zh", "远航电机试点项目", ["owner", "close_date"], ["张伟", "2026年5月24日周日"]),
    ("dana", "en", "Halden pilot", ["stage history", "products"], ["Prospecting → Closed Lost", "Diagnostics AI"]),
    ("tom", "en", "T-1005", ["priority", "account"], ["high", "Acme Foods"]),
    ("marcus", "en", "Copperline Mining", ["deals"], ["Copperline pilot", "223,500"]),
    ("dana", "en", "Priya Nair", ["manager"], ["Dana Whitfield"]),
    ("ella", "en", "Halden plant monitoring", ["primary_contact", "email"], ["Leah Kowalski", "leah.kowalski@"]),
    ("tom", "en", "T-1005", ["contact", "phone"], ["phone: +1"]),
])  # fmt: skip
def test_facts_are_told_in_a_sentence_that_cites_the_record(ask, user, language, record, fields, told):
    result = ask(user, "get_record", language, record=record, fields=fields)
    for words in told:
        assert words in text_of(result)
    assert result.records


def test_what_is_not_recorded_is_not_known(ask):
    result = ask("marcus", "get_record", record="Redwood gateway upgrade", fields=["next_step"])
    assert result.parts[0].type == "not_known"
    assert (
        ask("marcus", "get_record", record="Redwood gateway upgrade", fields=["next_step", "stage"]).parts[0].type
        == "text"
    )


def test_a_card_shows_what_is_filled_in_and_what_is_going_on(ask):
    result = ask("priya", "get_record", record="Ironbridge expansion")
    shown = dict(result.parts[0].rows)
    assert shown["close date"] == "Thu 26 February 2026"
    assert shown["amount"] == "USD 379,500"
    assert "due Tue 10 March 2026" in shown["open tasks"]
    assert "lost reason" not in shown
    assert names(result.records)[0] == "Ironbridge expansion"


def test_a_card_lacks_what_is_hidden_from_the_asker(ask):
    shown = dict(ask("sam", "get_record", record="Ironbridge expansion").parts[0].rows)
    assert "amount" not in shown
    assert "stage" in shown
    brief = ask("sam", "get_record", record="Acme Foods", detail="brief")
    assert "101,200" not in text_of(brief)
    assert "Acme Foods expansion" in text_of(brief)
    with pytest.raises(UnknownFieldError):
        ask("sam", "get_record", record="Ironbridge expansion", fields=["amount"])


def test_products_of_a_deal_are_hidden_not_absent(ask):
    with pytest.raises(UnknownFieldError, match="products"):
        ask("sam", "get_record", record="Ironbridge expansion", fields=["products"])
    assert "products" not in text_of(ask("sam", "get_record", record="Ironbridge expansion", detail="brief"))


def test_a_brief_has_people_deals_tickets_tasks_history_and_flags(ask):
    result = ask("lina", "get_record", "zh", record="澄海食品", detail="brief")
    text = text_of(result)
    for words in ("孔桂英", "2,747,500", "T-1043", "给孔桂英发新报价", "待完善", "阶段停滞"):
        assert words in text
    assert {"account", "contact", "deal", "ticket", "task", "interaction"} == {
        record.kind for record in result.records
    }


def test_a_record_of_others_does_not_exist(ask):
    with pytest.raises(RecordNotFoundError) as unknown:
        ask("marcus", "get_record", record="澄海食品扩容")
    assert not any("澄海" in candidate.name for candidate in unknown.value.near)
    with pytest.raises(RecordNotFoundError):
        ask("maya", "get_record", kind="deal", record="Ironbridge expansion")


def test_names_that_fit_several_records_are_asked_about(ask):
    with pytest.raises(AmbiguousRecordError) as several:
        ask("dana", "get_record", record="Acme")
    assert len(several.value.candidates) > 1
