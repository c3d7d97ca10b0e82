"""What the built-in model is told of the asker's CRM: only what they may see, and fresh after a change."""

import pytest
from tests_support import deal_named

from core.settings import Settings
from crm_store.directory import find_principal
from crm_store.names import NameIndex
from crm_store.situations import read_situation
from crm_store.unit_of_work import Cause


@pytest.fixture
def read(northstar_store):
    names, settings = NameIndex(), Settings()

    def _read(email, change=None):
        principal = find_principal(northstar_store, email)
        with northstar_store.unit_of_work(principal, Cause("test")) as uow:
            if change:
                change(uow)
                uow.commit()
            return read_situation(uow, names, settings)

    return _read


def test_values_that_people_name_are_listed(read):
    values = read("dana@northstar.example").values
    assert "Enterprise" in values["account", "segment"]
    assert "partner" in values["deal", "source"]


def test_teams_that_sell_are_known_by_name(read):
    assert read("marcus@northstar.example").values["user", "team"] == ("AMER", "华东")


def test_values_of_hidden_fields_and_records_are_absent(read):
    support, marketer = read("sam@northstar.example"), read("maya@northstar.example")
    assert ("deal", "competitor") not in support.values
    assert "competitor" not in {field.name for field in support.fields["deal"]}
    assert not any(kind == "deal" for kind, _ in marketer.values)
    assert "deal" not in marketer.fields


def test_a_new_value_is_known_at_once(read):
    email = "marcus@northstar.example"
    before = read(email).values["deal", "competitor"]
    assert "Quantexa" not in before

    def change(uow):
        uow.update("deal", deal_named(uow, "Acme Robotics expansion"), {"competitor": "Quantexa"})

    read(email, change)
    assert "Quantexa" in read(email).values["deal", "competitor"]
