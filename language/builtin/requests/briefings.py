"""One's briefing: asking for it, when and where it comes; and answers to a reminder: done, put off."""

import re
from collections.abc import Sequence
from functools import cache

from language.builtin.briefing_times import days_named, muted_until, names_only_days, rule_in, zone_in
from language.builtin.calls import Call
from language.builtin.clock_words import find_clocks
from language.builtin.plan import Intent, request
from language.builtin.reading import Reading
from language.builtin.vocabulary import load_words
from language.dates import find_dates

LAST_REMINDER = "last reminder"
_LONGEST = 160


@request(precedence=15, exclusive=True)
def briefing_request(reading: Reading) -> Sequence[Call] | Intent:
    """Shows the briefing, or sets its schedule, when the message is nothing else."""
    text = reading.text.strip()
    if len(text) > _LONGEST or "\n" in text:
        return ()
    for read in (_switch, _asked_when, _mute, _channel, _zone, _quiet, _days, _scheduled, _shown):
        calls = read(reading, text)
        if calls:
            return Intent(tuple(calls))
    return ()


@request(precedence=15, exclusive=True)
def reminder_reply(reading: Reading) -> Sequence[Call] | Intent:
    """ "Done" and "snooze 1 hour", in answer to the reminder that came last, or to the one named."""
    text = reading.text.strip()
    if len(text) > _LONGEST or "\n" in text:
        return ()
    named = _match("done_named", text)
    if named is not None:
        return Intent((Call("update_task", {"task": named["task"], "status": "done"}),))
    if _match("done", text) is not None:
        return Intent((Call("update_task", {"task": LAST_REMINDER, "status": "done"}),))
    found = _match("snooze", text)
    if found is None:
        return ()
    fields = found.groupdict()
    until = (fields.get("until") or fields.get("later") or "").strip(" ，,")
    if until and not _names_time(reading, until):
        return ()
    task = (fields.get("task") or "").strip() or LAST_REMINDER
    return Intent((Call("update_task", {"task": task, "due": _until(reading, until)}),))


def _shown(reading: Reading, text: str) -> list[Call]:
    if _match("weekly", text) is not None:
        return [Call("get_record", {"record": "weekly", "kind": "briefing"})]
    return [Call("get_record", {"record": "me", "kind": "briefing"})] if _match("show", text) is not None else []


def _asked_when(reading: Reading, text: str) -> list[Call]:
    return [Call("get_record", {"record": "schedule", "kind": "briefing"})] if _match("when", text) else []


def _scheduled(reading: Reading, text: str) -> list[Call]:
    """A message with a briefing word and a time of day; days that are not named stay as they are."""
    if _match("schedule", text) is None:
        return []
    rule, zone = rule_in(text), zone_in(text)
    return [_set(rule=rule, **({"timezone": zone} if zone else {}), is_active="true")] if rule else []


def _days(reading: Reading, text: str) -> list[Call]:
    """Days without a time: left out, added, or all there are from now on."""
    for name, how in (("days_out", "without"), ("days_in", "with"), ("days_only", "on")):
        found = _match(name, text)
        words = next(filter(None, found.groupdict().values()), "") if found is not None else ""
        if words and names_only_days(words):
            active = {} if how == "without" else {"is_active": "true"}
            return [_set(rule=f"{how} {','.join(days_named(words))}", **active)]
    return []


def _zone(reading: Reading, text: str) -> list[Call]:
    found = _match("zone", text)
    return [_set(timezone=next(filter(None, found.groupdict().values())).strip())] if found is not None else []


def _switch(reading: Reading, text: str) -> list[Call]:
    if _match("stop", text) is not None:
        return [_set(is_active="false")]
    if _match("resume", text) is not None:
        return [_set(is_active="true", muted_until="")]
    return []


def _mute(reading: Reading, text: str) -> list[Call]:
    found = _match("mute", text)
    if found is None:
        return []
    words = found.groupdict()
    till = (words.get("till") or words.get("before") or "").strip()
    day = muted_until(reading, till, (words.get("within") or "").strip())
    return [_set(muted_until=day)] if day else []


def _channel(reading: Reading, text: str) -> list[Call]:
    found = _match("channel", text)
    if found is None:
        return []
    words = found.groupdict()
    named = (words.get("channel") or words.get("other") or "").casefold()
    return [_set(channel=load_words("briefings")["channels"][named])]


def _quiet(reading: Reading, text: str) -> list[Call]:
    found = _match("quiet", text)
    if found is None:
        return []
    words = found.groupdict()
    clocks = find_clocks(f" {words.get('span') or words.get('other') or ''}")
    return [_set(quiet_hours=f"{clocks[0]:%H:%M}-{clocks[1]:%H:%M}")] if len(clocks) == 2 else []


def _set(**fields: str) -> Call:
    return Call("update_record", {"kind": "schedule", "record": "briefing", "fields": fields})


def _until(reading: Reading, words: str) -> str:
    """What a reminder is put off to: a day and time, a length of time from now, else an hour."""
    dates = [each for each in find_dates(words, today=reading.situation.today) if each.on is not None]
    clocks = find_clocks(words)
    if dates and dates[0].on is not None:
        at = dates[0].at or (clocks[0] if clocks else None)
        return f"{dates[0].on.isoformat()} {at:%H:%M}" if at else f"{dates[0].on.isoformat()} 09:00"
    if clocks:
        return f"{reading.situation.today.isoformat()} {clocks[0]:%H:%M}"
    return f"in {words}" if re.search(r"\d|an? |half|[一二两三四五六七八九十半]", words) else "in 1 hour"


def _names_time(reading: Reading, words: str) -> bool:
    return bool(
        find_dates(words, today=reading.situation.today)
        or find_clocks(words)
        or re.search(r"\d|\b(?:an?|half)\b.*\b(?:hour|minute)|(?:小时|分钟|钟头|刻钟)", words, re.IGNORECASE)
    )


def _match(name: str, text: str) -> re.Match[str] | None:
    return next((found for pattern in _patterns(name) if (found := pattern.fullmatch(text)) is not None), None)


@cache
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    words = load_words("briefings")
    return tuple(re.compile(f"{words['lead']}(?:{each}){words['tail']}", re.IGNORECASE) for each in words[name])
