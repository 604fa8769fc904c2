"""Charts: every value is drawn to scale, nothing is drawn where nothing was judged."""

from __future__ import annotations

from dataclasses import asdict
from xml.etree import ElementTree

import pytest

from shouwen.statements.charts import WIDTH, draw
from shouwen.statements.content.shapes import Chart

SVG = "{http://www.w3.org/2000/svg}"
KINDS = Chart("bars", ("投诉", "报修"), (("本期", (12.0, 48.0)), ("上期", (6.0, None))))
RATE = Chart("lines", ("9月", "10月", "11月"), (("满意度", (90.0, None, 96.0)),), "%", 95.0)


def drawn(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(draw(asdict(chart)))  # noqa: S314 - our own


def words(chart: Chart) -> list[str]:
    return [text.text or "" for text in drawn(chart).iter(f"{SVG}text")]


def test_bars_are_as_long_as_their_values() -> None:
    bars = [
        float(bar.attrib["width"]) for bar in drawn(KINDS).iter(f"{SVG}rect")
        if bar.attrib["height"] == "10"
    ]  # fmt: skip
    few, before, many = bars
    assert abs(many / few - 4) < 0.01
    assert abs(few / before - 2) < 0.01


def test_a_bar_without_a_value_is_a_dash() -> None:
    assert "—" in words(KINDS)


def test_a_line_breaks_off_where_nothing_was_judged() -> None:
    assert list(drawn(RATE).iter(f"{SVG}polyline")) == []
    assert len(list(drawn(RATE).iter(f"{SVG}circle"))) == 2


def test_the_target_is_a_line_of_its_own() -> None:
    assert "目标 95%" in words(RATE)


def test_what_a_customer_wrote_is_no_markup() -> None:
    chart = Chart("bars", ("<b>&x",), (("本期", (1.0,)),))
    assert "<b>&x" in words(chart)


VALUES = (
    [0.0], [None], [None, None, 0.1], [1_000_000.0, 0.0], [3.0, None, 0.1, 99.9] * 4,
    [float(n) for n in range(14)], [99.96, 100.0],
)  # fmt: skip


@pytest.mark.parametrize("values", VALUES)
def test_nothing_is_drawn_outside_of_the_picture(values: list[float | None]) -> None:
    labels = tuple(str(n) for n in range(len(values)))
    for kind in ("bars", "lines"):
        chart = Chart(kind, labels, (("本期", tuple(values)),))
        root = drawn(chart)
        height = float(root.attrib["height"])
        for shape in root.iter(f"{SVG}circle"):
            assert 0 <= float(shape.attrib["cx"]) <= WIDTH
            assert 0 <= float(shape.attrib["cy"]) <= height
        for bar in root.iter(f"{SVG}rect"):
            assert 0 <= float(bar.attrib["x"]) + float(bar.attrib["width"]) <= WIDTH
