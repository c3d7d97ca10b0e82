from datetime import UTC, date, datetime, time, timedelta

import pytest

from briefings.rules import after_quiet, occurrences, parse_quiet, parse_rule
from briefings.zones import known_zone
from core.errors import InvalidArgumentError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mon-fri 08:30", "mon-fri 08:30"),
        ("weekdays 7:45", "mon-fri 07:45"),
        ("daily 7:45", "daily 07:45"),
        ("Tue,Thu 16:00", "tue,thu 16:00"),
        ("saturday 9:00", "sat 09:00"),
        ("fri-mon 9:00", "mon,fri,sat,sun 09:00"),
    ],
)
def test_rules_are_read_and_said(text, said):
    assert str(parse_rule(text)) == said
    assert parse_rule(said) == parse_rule(text)


@pytest.mark.parametrize("text", ["", "08:30", "mon", "mon 25:00", "someday 9:00", "mon-fri 8", "mon 9:00 x"])
def test_what_is_no_rule_is_refused(text):
    with pytest.raises(InvalidArgumentError):
        parse_rule(text)


@pytest.mark.parametrize(
    ("zone", "around", "at", "moment"),
    [
        # Spring forward: 02:30 does not come; it is the moment that the clock would have shown it.
        ("America/New_York", date(2026, 3, 8), "02:30", datetime(2026, 3, 8, 7, 30, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 3, 29), "02:30", datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        # Fall back: 01:30 and 02:30 come twice; it is the first.
        ("America/New_York", date(2026, 11, 1), "01:30", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("Europe/Berlin", date(2026, 10, 25), "02:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_each_local_date_comes_once_over_a_clock_change(zone, around, at, moment):
    rule = parse_rule(f"daily {at}")
    start = datetime.combine(around - timedelta(days=3), time(), UTC)
    found = list(occurrences(rule, start, start + timedelta(days=7), zone))
    days = [day for day, _ in found]
    assert days == sorted(set(days))
    assert len(days) in (6, 7, 8)
    assert dict(found)[around] == moment
    # The same in slices of any width.
    for minutes in (7, 61, 1000):
        step, cursor, sliced = timedelta(minutes=minutes), start, []
        while cursor < start + timedelta(days=7):
            end = min(cursor + step, start + timedelta(days=7))
            sliced += occurrences(rule, cursor, end, zone)
            cursor = end
        assert sliced == found


@pytest.mark.parametrize(
    ("local", "goes"),
    [
        ((23, 0), (7, 0, 1)),
        ((6, 59), (7, 0, 0)),
        ((7, 0), (7, 0, 0)),
        ((21, 59), (21, 59, 0)),
        ((22, 0), (7, 0, 1)),
    ],
)
def test_quiet_hours_over_midnight_put_it_off_to_their_end(local, goes):
    moment = datetime(2026, 5, 5, *local, tzinfo=UTC)
    hour, minute, days = goes
    expected = datetime(2026, 5, 5 + days, hour, minute, tzinfo=UTC)
    assert after_quiet(moment, parse_quiet("22:00-07:00"), "UTC") == expected


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("america/new_york", "America/New_York"),
        ("Beijing", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"),
        ("Pacific", "America/Los_Angeles"),
        ("UTC", "UTC"),
    ],
)
def test_zones_have_the_names_that_people_use(name, zone):
    assert known_zone(name) == zone


@pytest.mark.parametrize("name", ["Atlantis", "", "../etc/passwd", "Europe"])
def test_what_is_no_zone_is_refused(name):
    with pytest.raises(InvalidArgumentError):
        known_zone(name)
