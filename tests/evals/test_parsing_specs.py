"""The specifications of Recognizers-Text as items, and the command that measures readers on them."""

import importlib
import json
import sys

import pytest

from evals import bench_language
from evals.parsing.items import read_blind, read_tables
from evals.parsing.readers import read_ours, rivals
from evals.parsing.spec_readers import ours_is_right, rival_is_right
from evals.parsing.specs import SpecsError, read_specs


def case(text, *results, today="2026-03-10T00:00:00", **more):
    return {"Input": text, "Context": {"ReferenceDateTime": today}, "Results": list(results), **more}


def result(kind, *values):
    return {"Text": "", "Start": 0, "End": 0, "TypeName": f"datetimeV2.{kind}", "Resolution": {"values": values}}


def money(value, **unit):
    return {"Text": "", "TypeName": "currency", "Resolution": {"value": value, **unit}}


@pytest.fixture
def folder(tmp_path):
    def write(cases, part="DateTime", lang="English", name="DateTimeModel"):
        path = tmp_path / part / lang / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(cases if isinstance(cases, str) else json.dumps(cases), encoding="utf-8-sig")
        return tmp_path

    return write


def verdicts(folder):
    return [ours_is_right(item) for specification in read_specs(folder) for item in specification.items]


@pytest.mark.parametrize(
    ("text", "results", "right"),
    [
        ("see you on Friday", [result("date", {"value": "2026-03-06"}, {"value": "2026-03-13"})], True),
        ("see you on Friday", [result("date", {"value": "2026-03-14"})], False),
        ("see you on Friday", [], False),
        ("have a great week!", [], True),
        ("in April", [result("daterange", {"start": "2026-04-01", "end": "2026-05-01"})], True),
        ("from 4 May to 8 May", [result("daterange", {"start": "2026-05-04", "end": "2026-05-08"})], True),
        ("since 4 February", [result("daterange", {"start": "2026-02-04", "Mod": "since"})], True),
        ("before 4 May", [result("daterange", {"end": "2026-05-04", "Mod": "before"})], True),
        ("after 4 May", [result("daterange", {"end": "2026-05-04", "Mod": "before"})], False),
        ("it took 90 minutes", [result("duration", {"timex": "PT1H30M"})], True),
        ("push it two weeks", [result("duration", {"timex": "P2W"})], True),
        ("push it two weeks", [result("duration", {"timex": "P3W"})], False),
        (
            "May 4 and May 9",
            [result("date", {"value": "2026-05-04"}), result("date", {"value": "2026-05-09"})],
            True,
        ),
        ("May 4 and May 9", [result("date", {"value": "2026-05-04"})], False),
    ],
)
def test_an_item_is_right_when_exactly_the_same_is_found(folder, text, results, right):
    assert verdicts(folder([case(text, *results)])) == [right]


def test_money_is_compared_with_its_currency(folder):
    cases = [
        {"Input": "it costs $ 75 million", "Results": [money("75000000", unit="Dollar")]},
        {"Input": "it costs 75 million euros", "Results": [money("75000000", unit="Dollar")]},
        {"Input": "15美元", "Results": [money("15", isoCurrency="USD", unit="United States dollar")]},
    ]
    assert verdicts(folder(cases, "NumberWithUnit", name="CurrencyModel")) == [True, False, True]


def test_what_is_not_read_here_is_counted_with_its_reason(folder):
    cases = [
        case("at 5", result("time", {"value": "05:00:00"})),
        case("this summer", result("daterange", {"value": "not resolved"})),
        case("today", result("date", {"value": "2026-03-10"}), NotSupported="javascript, python"),
    ]
    (specification,) = read_specs(folder(cases, lang="Chinese"))
    assert specification.name == "DateTime zh"
    assert specification.left_out == {"time": 1, "daterange without a day": 1}
    assert [item.in_python_port for item in specification.items] == [False]


def test_another_library_is_compared_on_what_it_can_do(folder):
    cases = [
        case("today", result("date", {"value": "2026-03-10"})),
        case("in April", result("daterange", {"start": "2026-04-01", "end": "2026-05-01"})),
    ]
    (specification,) = read_specs(folder(cases))
    answers = [rival_is_right("dateparser", lambda item: "2026-03-10", item) for item in specification.items]
    assert answers == [True, None]


@pytest.mark.parametrize("content", ["no json", "{}", "[1]", '[{"Input": "x"}]'])
def test_a_broken_specification_is_named(folder, content):
    with pytest.raises(SpecsError, match=r"DateTimeModel\.json"):
        read_specs(folder(content))


def test_a_folder_without_specifications_is_named(tmp_path, monkeypatch, capsys):
    with pytest.raises(SpecsError, match="DateTimeModel"):
        read_specs(tmp_path)
    monkeypatch.setattr(sys, "argv", ["bench_language", "--specs", str(tmp_path)])
    assert bench_language.main() == 1
    assert str(tmp_path) in capsys.readouterr().err


def test_a_library_that_is_not_installed_is_left_out_with_the_reason(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr(importlib, "import_module", missing)
    readers, lines = rivals()
    assert readers == {}
    assert len(lines) == 2
    assert "dateparser" in lines[0]


def test_the_command_prints_every_table(folder, monkeypatch, capsys):
    specs = folder([case("today", result("date", {"value": "2026-03-10"}))])
    monkeypatch.setattr(sys, "argv", ["bench_language", "--specs", str(specs), "--misses"])
    assert bench_language.main() == 0
    out = capsys.readouterr().out
    for words in ("Developed on", "Written blind", "DateTime en date", "1 (100%)"):
        assert words in out


def test_the_blind_table_is_read_and_is_no_copy():
    blind = read_blind()
    assert len(blind) > 150
    assert sum(read_ours(item) == item.meaning for item in blind) / len(blind) > 0.9
    assert not {item.text for item in blind} & {item.text for item in read_tables()}
