"""Deals and leads by the campaign that they are put down to, called by a part of its name."""

import pytest

from core.errors import RecordNotFoundError
from core.parts import Figure
from crm_store.principals import SYSTEM
from crm_store.unit_of_work import UnknownFieldError
from tests.asking import Asker, names, where


@pytest.fixture
def ask(northstar_store) -> Asker:
    with northstar_store.unit_of_work(SYSTEM) as uow:
        for name, source in (("Hannover Messe 2025", "trade_show"), ("Spring Webinar", "website")):
            uow.create("campaign", {"name": name, "source": source, "currency": "USD"})
        uow.commit()
    return Asker(northstar_store)


@pytest.mark.parametrize("words", ["Hannover", "hannover messe", "Hanover", "Hannover Messe 2025"])
def test_a_campaign_is_called_by_a_part_of_its_name_or_nearly(ask, words):
    by_campaign = ask("dana", "query_metric", metric="won_count", filters=[where("campaign", "=", words)])
    by_source = ask("dana", "query_metric", metric="won_count", filters=[where("source", "=", "trade_show")])
    figure, same = (
        next(part for part in each.parts if isinstance(part, Figure)) for each in (by_campaign, by_source)
    )
    assert figure.value == same.value > 0
    assert "Hannover Messe 2025" in figure.filter_in_words


def test_leads_have_a_campaign_too(ask):
    by_campaign = ask("maya", "list_records", kind="lead", filters=[where("campaign", "=", "webinar")], limit=100)
    by_source = ask("maya", "list_records", kind="lead", filters=[where("source", "=", "website")], limit=100)
    assert names(by_campaign.records) == names(by_source.records) != []


def test_an_unknown_campaign_is_not_found_and_those_there_are_come_with_it(ask):
    with pytest.raises(RecordNotFoundError) as error:
        ask("dana", "query_metric", metric="pipeline_value", filters=[where("campaign", "=", "Nowhere")])
    assert [each.name for each in error.value.near] == ["Hannover Messe 2025", "Spring Webinar"]


def test_campaigns_do_not_exist_for_a_rep(ask):
    with pytest.raises(UnknownFieldError):
        ask("marcus", "query_metric", metric="pipeline_value", filters=[where("campaign", "=", "Hannover")])
