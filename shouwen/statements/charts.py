"""Charts as SVG, drawn from plain values: the same on screen, on paper, and in Word.

Sizes are in units of the drawing, which is WIDTH of them wide. Colours also tell apart in grey.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from math import ceil, floor, log10
from typing import Any

WIDTH = 480
INK, QUIET, RULE = "#17212e", "#566274", "#dde2e8"
COLOURS = ("#0b5fb8", "#b4bdc9", "#7d4a00", "#12643a")
TARGET = "#a91f14"
_FONT = "Noto Sans SC, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, sans-serif"
_TEXT, _BAR = 13, 11
#: The widest label in characters; more is told by the table beside.
_LABEL = 8

Values = Sequence[float | None]


def draw(chart: Mapping[str, Any]) -> str:
    """The SVG of a chart as it is stored (`content.shapes.Chart`)."""
    pieces, height = (_bars if chart["kind"] == "bars" else _lines)(chart)
    names = [name for name, _values in chart["series"]]
    told = f"{'、'.join(names)}（{chart['unit']}）"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" font-family="{_FONT}" font-size="{_TEXT}" '
        f'role="img" class="drawing"><title>{escape(told)}</title>'
        f"{''.join(_legend(chart))}{''.join(pieces)}</svg>"
    )


def _legend(chart: Mapping[str, Any]) -> Iterable[str]:
    x = 0.0
    for (name, _values), colour in zip(chart["series"], COLOURS, strict=False):
        yield f'<rect x="{x:.0f}" y="4" width="12" height="12" fill="{colour}"/>'
        yield _text(x + 17, 15, name, QUIET)
        x += 17 + _width(name) + 16
    if chart.get("target") is not None:
        yield _line(x, 10, x + 18, 10, TARGET, dashed=True)
        yield _text(x + 23, 15, f"目标 {_number(chart['target'])}{chart['unit']}", QUIET)
    yield _text(WIDTH, 15, f"单位：{chart['unit']}", QUIET, "end")


# --- Bars -----------------------------------------------------------------------------------------


def _bars(chart: Mapping[str, Any]) -> tuple[list[str], int]:
    """One bar of each series for each label, lying, so that labels are read without turning."""
    series: Sequence[Values] = [values for _name, values in chart["series"]]
    left = max((_width(_short(label)) for label in chart["labels"]), default=0) + 10
    most = max((value or 0 for values in series for value in values), default=0) or 1
    scale = (WIDTH - left - 44) / most
    step = _BAR * len(series) + 10
    pieces: list[str] = []
    for row, label in enumerate(chart["labels"]):
        top = 30 + row * step
        middle = top + _BAR * len(series) / 2
        pieces.append(_text(left - 8, middle + 4.5, _short(label), INK, "end"))
        for place, values in enumerate(series):
            pieces += _bar(left, top + place * _BAR, values[row], scale, COLOURS[place])
    height = 30 + len(chart["labels"]) * step
    pieces.append(_line(left, 26, left, height - 4, QUIET))
    return pieces, height


def _bar(x: float, y: float, value: float | None, scale: float, colour: str) -> list[str]:
    if value is None:
        return [_text(x + 5, y + 9.5, "—", QUIET, size=10)]
    width = value * scale
    return [
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{_BAR - 1}" fill="{colour}"/>',
        _text(x + width + 5, y + 9.5, _number(value), QUIET, size=10),
    ]


# --- Lines ----------------------------------------------------------------------------------------


def _lines(chart: Mapping[str, Any]) -> tuple[list[str], int]:
    """One line for each series over the labels; where there was nothing to judge it breaks off."""
    height, left, top, bottom = 230, 40, 46, 200
    low, high, ticks = _scale(chart)
    across = (WIDTH - left - 24) / max(1, len(chart["labels"]) - 1)

    def x(place: int) -> float:
        return left + 8 + place * across

    def y(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - top)

    pieces = [_line(left, y(tick), WIDTH, y(tick), RULE) for tick in ticks]
    pieces += [_text(left - 6, y(tick) + 4.5, _number(tick), QUIET, "end", 11) for tick in ticks]
    pieces += [
        _text(x(place), bottom + 18, label, QUIET, "middle", 11)
        for place, label in enumerate(chart["labels"])
    ]
    if (target := chart.get("target")) is not None:
        pieces.append(_line(left, y(target), WIDTH, y(target), TARGET, dashed=True))
    for (_name, values), colour in zip(chart["series"], COLOURS, strict=False):
        points = [None if value is None else (x(n), y(value)) for n, value in enumerate(values)]
        pieces += _path(points, colour)
        pieces += _last(points, values, colour)
    return pieces, height


def _path(points: Sequence[tuple[float, float] | None], colour: str) -> list[str]:
    dots = [point for point in points if point]
    return [
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in run)}" fill="none" '
        f'stroke="{colour}" stroke-width="2"/>'
        for run in _runs(points)
        if len(run) > 1
    ] + [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in dots]


def _runs(points: Sequence[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    """The stretches without a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return runs


def _last(points: Sequence[tuple[float, float] | None], values: Values, colour: str) -> list[str]:
    """The last value, written at its point."""
    told = [(p, v) for p, v in zip(points, values, strict=True) if p is not None and v is not None]
    if not told:
        return []
    (x, y), value = told[-1]
    below = len(told) > 1 and told[-2][0][1] < y
    return [_text(min(x, WIDTH - 2), y + (17 if below else -8), _number(value), colour, "end", 12)]


def _scale(chart: Mapping[str, Any]) -> tuple[float, float, list[float]]:
    """The lowest and the highest value that the chart has room for, and where its lines are."""
    told = [v for _name, values in chart["series"] for v in values if v is not None]
    told += [chart["target"]] if chart.get("target") is not None else []
    share = chart["unit"] == "%"
    low = min(told, default=0) if share else 0
    high = max(told, default=1) or 1
    step = _step(high - low or high)
    first = floor(low / step) * step
    if share and high <= 100:
        high = min(100, ceil(high / step) * step)
    many = max(1, ceil((high - first) / step - 1e-9))
    return first, first + many * step, [first + n * step for n in range(many + 1)]


def _step(span: float) -> float:
    """1, 2 or 5 times a power of ten: about four lines."""
    unit = 10.0 ** floor(log10(span / 4)) if span > 0 else 1.0
    return next(unit * many for many in (1, 2, 5, 10) if unit * many * 4.5 >= span)


# --- Pieces ---------------------------------------------------------------------------------------


def _text(
    x: float, y: float, words: object, colour: str, anchor: str = "start", size: int = _TEXT
) -> str:
    sized = f' font-size="{size}"' if size != _TEXT else ""
    held = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}"{held}{sized}>{escape(str(words))}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="5 3"' if dashed else ""
    place = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {place} stroke="{colour}"{dash}/>'


def _short(label: str) -> str:
    return label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"


def _width(words: str) -> float:
    """About how wide: a Chinese character is a square, a Latin one is half of it."""
    return sum(_TEXT if ord(char) > 0x2E80 else _TEXT * 0.6 for char in words)


def _number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
