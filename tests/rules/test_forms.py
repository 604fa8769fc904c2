"""What is written on a form fits its fields, or is refused at the one that it does not fit."""

from __future__ import annotations

from typing import Any

import pytest

from shouwen.rules.form_kinds import Form
from shouwen.rules.forms import digest, marks, require_complete, require_right
from shouwen.rules.refused import Refused

FORM = Form.model_validate(
    {
        "id": "form",
        "title": "表",
        "fields": [
            {"id": "name", "title": "姓名", "required": True},
            {"id": "on", "title": "日期", "kind": "date"},
            {"id": "at", "title": "时间", "kind": "moment"},
            {"id": "paid", "title": "金额", "kind": "money"},
            {"id": "count", "title": "数量", "kind": "number"},
            {"id": "way", "title": "方式", "kind": "choice", "options": ["电话", "上门"]},
            {"id": "told", "title": "已告知", "kind": "yes"},
            {"id": "scores", "title": "评分", "kind": "scores", "required": True,
             "items": [{"id": "water", "title": "供水"}, {"id": "power", "title": "供电"}]},
            {"id": "lines", "title": "明细", "kind": "table",
             "columns": [{"id": "item", "title": "项目", "required": True}]},
        ],
    }
)  # fmt: skip
WHOLE = {"name": "王女士", "scores": {"water": 5, "power": 1}}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "字" * 201), ("on", "2026-02-30"), ("at", "2026-11-24T09:00:00"),
        ("paid", "1.005"), ("paid", "NaN"), ("count", "Infinity"), ("count", 3), ("way", "微信"),
        ("told", "on"), ("scores", {"water": 6}), ("scores", {"wind": 3}),
        ("scores", {"water": True}), ("lines", [{"item": "x"}] * 201),
    ],
)  # fmt: skip
def test_what_does_not_fit_its_field_is_refused_there(field: str, value: Any) -> None:
    with pytest.raises(Refused) as refused:
        require_right(FORM, {**WHOLE, field: value})
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ({"scores": WHOLE["scores"]}, "name"),
        ({"name": "王女士"}, "scores-water"),
        ({**WHOLE, "scores": {"water": 5}}, "scores-power"),
        ({**WHOLE, "lines": [{"item": "x"}, {}]}, "lines-1-item"),
    ],
)
def test_what_is_missing_is_said_where_it_is_missing(written: Any, field: str) -> None:
    with pytest.raises(Refused) as refused:
        require_complete(FORM, written)
    assert refused.value.field == field


def test_a_whole_form_is_whole() -> None:
    written = {**WHOLE, "on": "2026-11-24", "paid": "12.50", "count": "3", "told": True}
    require_right(FORM, written)
    require_complete(FORM, written)
    assert marks(written) == {"water": 5, "power": 1}


def test_the_fingerprint_follows_what_is_written_and_not_its_order() -> None:
    turned = dict(reversed(WHOLE.items()))
    assert digest(turned) == digest(WHOLE)
    assert digest({**WHOLE, "name": "王先生"}) != digest(WHOLE)
