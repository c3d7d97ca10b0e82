"""Says a day in words, with its weekday, in the language of the answer."""

from calendar import month_name
from datetime import date

_DAYS = {"en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], "zh": list("一二三四五六日")}
_MONTHS = list(month_name)


def describe_date(day: date, lang: str = "en") -> str:
    """ "Fri 13 March 2026" or 2026年3月13日周五."""
    weekday = _DAYS[lang][day.weekday()]
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日周{weekday}"
    return f"{weekday} {day.day} {_MONTHS[day.month]} {day.year}"
