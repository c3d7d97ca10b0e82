"""Draws a chart as PNG: lines, bars, funnels and waterfalls; labels in any script that has a font."""

import io
from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from analytics.wording import load_table
from core.parts import Chart
from language.script import has_cjk

WIDTH, HEIGHT = 960, 540
_MARGIN, _TOP, _BOTTOM = 24, 64, 40
_TITLE, _TEXT = 24, 15
_ROW = 44
_INK, _PALE, _GRID = (33, 37, 41), (110, 118, 126), (228, 231, 235)
_COLOURS = ((37, 99, 235), (234, 88, 12), (22, 163, 74), (147, 51, 234), (202, 138, 4), (8, 145, 178))
_UP, _DOWN, _TOTAL = (22, 163, 74), (220, 38, 38), (71, 85, 105)

Box = tuple[float, float, float, float]


def render_png(chart: Chart) -> bytes:
    """The chart as a PNG image of 960 pixels width.

    A waterfall's first and last value are totals, those between are changes. Without a font for Chinese on the
    machine Chinese labels are drawn as boxes.
    """
    canvas = _Canvas(chart)
    draw = {"line": _lines, "bar": _bars, "funnel": _funnel, "waterfall": _waterfall}[chart.shape]
    draw(canvas, chart)
    return canvas.png()


class _Canvas:
    """An image with a title and the fonts that its labels need."""

    def __init__(self, chart: Chart) -> None:
        texts = (chart.title, *chart.labels, *(each.name for each in chart.series))
        chinese = any(has_cjk(text) for text in texts)
        self.small, self.large = _font(_TEXT, chinese), _font(_TITLE, chinese)
        rows = max(_TOP + _BOTTOM + _ROW * len(chart.labels), 200)
        height = HEIGHT if chart.shape == "line" else rows
        self.image = Image.new("RGB", (WIDTH, height), "white")
        self.pen = ImageDraw.Draw(self.image)
        self.pen.text((_MARGIN, 18), self.cut(chart.title, WIDTH - 2 * _MARGIN, self.large), _INK, self.large)
        self.height = height

    def png(self) -> bytes:
        buffer = io.BytesIO()
        self.image.save(buffer, "PNG", optimize=True)
        return buffer.getvalue()

    def cut(self, text: str, width: float, font: Any = None) -> str:
        """The text, shortened until it fits."""
        font = font or self.small
        if font.getlength(text) <= width:
            return text
        while text and font.getlength(text + "…") > width:
            text = text[:-1]
        return text + "…"

    def write(self, x: float, y: float, text: str, colour: Any = _INK, anchor: str = "lm") -> None:
        self.pen.text((x, y), text, colour, self.small, anchor=anchor)

    def label_width(self, labels: Sequence[str]) -> float:
        longest = max((self.small.getlength(each) for each in labels), default=0.0)
        return min(longest, WIDTH * 0.32)


def _bars(canvas: _Canvas, chart: Chart) -> None:
    labels, rows = chart.labels, _rows(chart)
    left = _MARGIN + canvas.label_width(labels) + 12
    low, high = min(0.0, *_flat(chart)), max(0.0, *_flat(chart))
    spread = (high - low) or 1.0
    room = WIDTH - _MARGIN - left - 110
    zero = left + room * -low / spread
    for (top, bottom), label, values in zip(_bands(canvas, len(labels)), labels, rows, strict=True):
        canvas.write(left - 12, (top + bottom) / 2, canvas.cut(label, left - _MARGIN - 12), anchor="rm")
        thick = (bottom - top) / len(values)
        for number, value in enumerate(values):
            begin, end = sorted((zero, zero + room * value / spread))
            box = (begin, top + number * thick, max(end, begin + 1), top + (number + 1) * thick - 1)
            canvas.pen.rectangle(box, fill=_COLOURS[number % len(_COLOURS)])
            canvas.write(end + 8, (box[1] + box[3]) / 2, _number(value, chart.unit), _PALE)
    _legend(canvas, chart)


def _funnel(canvas: _Canvas, chart: Chart) -> None:
    labels, values = chart.labels, [max(row[0], 0.0) for row in _rows(chart)]
    left = _MARGIN + canvas.label_width(labels) + 12
    room, most = WIDTH - _MARGIN - left - 120, max(values, default=0.0) or 1.0
    middle = left + room / 2
    for (top, bottom), label, value in zip(_bands(canvas, len(labels)), labels, values, strict=True):
        half = max(room * value / most / 2, 1)
        canvas.pen.rectangle((middle - half, top, middle + half, bottom), fill=_COLOURS[0])
        canvas.write(left - 12, (top + bottom) / 2, canvas.cut(label, left - _MARGIN - 12), anchor="rm")
        canvas.write(left + room + 12, (top + bottom) / 2, _number(value, chart.unit), _PALE)


def _waterfall(canvas: _Canvas, chart: Chart) -> None:
    labels, values = chart.labels, [row[0] for row in _rows(chart)]
    left = _MARGIN + canvas.label_width(labels) + 12
    levels = list(accumulate(values[:-1])) or [0.0]
    ends = [*levels, values[-1] if values else 0.0]
    begins = [0.0, *levels[:-1], 0.0][: len(values)]
    low, high = min(0.0, *begins, *ends), max(0.0, *begins, *ends)
    room, spread = WIDTH - _MARGIN - left - 120, (high - low) or 1.0
    for number, ((top, bottom), label) in enumerate(zip(_bands(canvas, len(labels)), labels, strict=True)):
        total = number in (0, len(values) - 1)
        one, other = sorted((begins[number], ends[number]))
        box = (left + room * (one - low) / spread, top, left + room * (other - low) / spread + 1, bottom)
        colour = _TOTAL if total else _UP if values[number] >= 0 else _DOWN
        canvas.pen.rectangle(box, fill=colour)
        canvas.write(left - 12, (top + bottom) / 2, canvas.cut(label, left - _MARGIN - 12), anchor="rm")
        sign = "" if total or values[number] <= 0 else "+"
        canvas.write(box[2] + 8, (top + bottom) / 2, sign + _number(values[number], chart.unit), _PALE)


def _lines(canvas: _Canvas, chart: Chart) -> None:
    low, high = min(0.0, *_flat(chart)), max(0.0, *_flat(chart))
    spread = (high - low) or 1.0
    left, right, top, bottom = _MARGIN + 90, WIDTH - _MARGIN - 32, _TOP + 20, canvas.height - _BOTTOM - 34
    for part in range(5):
        y = bottom - (bottom - top) * part / 4
        canvas.pen.line((left, y, right, y), fill=_GRID)
        canvas.write(left - 10, y, _number(low + spread * part / 4, ""), _PALE, "rm")
    step = (right - left) / max(len(chart.labels) - 1, 1)
    every = max(1, round(len(chart.labels) / 10))
    for number in range(0, len(chart.labels), every):
        text = canvas.cut(chart.labels[number], step * every)
        canvas.write(left + number * step, bottom + 16, text, _PALE, "mm")
    for number, series in enumerate(chart.series):
        points = [
            (left + place * step, bottom - (bottom - top) * (value - low) / spread)
            for place, value in enumerate(series.values)
        ]
        colour = _COLOURS[number % len(_COLOURS)]
        canvas.pen.line(points, fill=colour, width=3, joint="curve")
        for x, y in points:
            canvas.pen.ellipse((x - 4, y - 4, x + 4, y + 4), fill=colour)
    canvas.write(left, _TOP + 4, chart.unit, _PALE)
    _legend(canvas, chart)


def _bands(canvas: _Canvas, number: int) -> list[tuple[float, float]]:
    """Top and bottom of each row."""
    room = min((canvas.height - _TOP - _BOTTOM) / max(number, 1), _ROW)
    return [(_TOP + room * each + room * 0.15, _TOP + room * (each + 1) - room * 0.15) for each in range(number)]


def _legend(canvas: _Canvas, chart: Chart) -> None:
    if len(chart.series) < 2:
        return
    x = float(_MARGIN)
    for number, series in enumerate(chart.series):
        y = canvas.height - _BOTTOM / 2
        canvas.pen.rectangle((x, y - 6, x + 12, y + 6), fill=_COLOURS[number % len(_COLOURS)])
        canvas.write(x + 18, y, series.name, _INK)
        x += 40 + canvas.small.getlength(series.name)


def _rows(chart: Chart) -> list[tuple[float, ...]]:
    """One row of values a label."""
    return list(zip(*(each.values for each in chart.series), strict=True)) or [(0.0,) for _ in chart.labels]


def _flat(chart: Chart) -> list[float]:
    return [value for series in chart.series for value in series.values] or [0.0]


def _number(value: float, unit: str) -> str:
    size = abs(value)
    if size >= 10_000_000:
        text = f"{value / 1_000_000:,.1f}M"
    elif size >= 100_000:
        text = f"{value / 1_000:,.0f}k"
    else:
        text = f"{value:,.1f}".rstrip("0").rstrip(".")
    return f"{text}{unit}" if unit == "%" else f"{text} {unit}".rstrip()


@lru_cache(maxsize=8)
def _font(size: int, chinese: bool) -> Any:
    """A font of the machine that has the signs; the one that comes with Pillow where there is none."""
    fonts = load_table("fonts")
    for name in (*fonts["chinese"], *fonts["latin"]) if chinese else fonts["latin"]:
        file, _, face = name.partition("#")
        try:
            return ImageFont.truetype(file, size, index=int(face or 0))
        except OSError:
            continue
    return ImageFont.load_default(size)
