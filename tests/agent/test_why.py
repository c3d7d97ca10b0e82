"""How an answer came about: formula, filter, as-of, rows, what was left out, query hash, records."""

import re

import pytest

from agent.direct import explain_turn
from core.parts import Figure

DANA, SAM, CHEN = (f"{name}@northstar.example" for name in ("dana", "sam", "chenli"))


@pytest.mark.parametrize(("user", "text", "expected"), [
    (DANA, "win rate last year", ("won ÷ (won + lost)", "the team (AMER)", "as of Tue 10 March 2026", "50 of 50 rows",
                                  "records: ")),
    (SAM, "average resolution time", ("median days from ticket opening", "as of", "left out: ", " of 45 rows")),
    (CHEN, "我们去年的赢单率", ("截至2026年3月11日", "行中的", "范围：")),
    (DANA, "what changed since Friday", ("frozen snapshot", "as of Tue 10 March 2026", "records: ")),
    (DANA, "win rate by cohort", ("as of Tue 10 March 2026",)),
    (DANA, "how accurate was the forecast", ("1 − |F − A| ÷ A", "as of Tue 10 March 2026")),
])  # fmt: skip
def test_an_answer_tells_what_it_is_made_of(runtime, say, user, text, expected):
    reply = say(text, user=user)
    told = explain_turn(runtime, reply)[0].text
    for words in (*expected, "query_metric"):
        assert words in told, told
    [found] = set(re.findall(r"query `([0-9a-f]{12})`", told))
    assert [figure.query_hash for figure in reply.of_type(Figure)] in ([found], [])
    again = say(text, user=user)
    assert f"query `{found}`" in explain_turn(runtime, again)[0].text


def test_records_of_the_first_figure_stay_where_the_second_is_not_known(say):
    reply = say("average deal size last year vs the year before", user=DANA)
    assert len(reply.of_type(Figure)) == 1
    assert any(record.kind == "deal" for record in reply.records)
