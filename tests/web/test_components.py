"""The components say what they should, escape what users typed, and can be read."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django import forms
from django.http import HttpRequest
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.test import RequestFactory
from pytest_django import Settings

from shouwen.rules.refused import Refused
from shouwen.web.middleware import RefusedMiddleware
from shouwen.web.patterns import SampleForm, samples
from shouwen.web.pieces import Check, Choice, FileLink, NavItem, Pager, steps
from shouwen.web.views import csrf_failure
from shouwen.web.words import span

#: Saturday 2026-11-21 17:46 in Shanghai.
NOW = datetime(2026, 11, 21, 9, 46, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CSS = Path(__file__).parents[2] / "frontend" / "css"


def show(text: str, **context: object) -> str:
    return Template("{% load shouwen %}" + text).render(Context(context))


def words_of(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).strip()


def badge(at: datetime | None, rest: str = "", **context: object) -> str:
    return show("{% due_badge at now " + rest + " %}", at=at, now=NOW, **context)


@pytest.mark.parametrize(
    ("ahead", "words", "tone"),
    [
        (-42 * MINUTE, "超时 42 分", "late"),
        (-timedelta(seconds=1), "超时 不到 1 分", "late"),
        (timedelta(0), "剩 不到 1 分 · 17:46", "warn"),
        (19 * MINUTE, "剩 19 分 · 18:05", "warn"),
        (2 * HOUR + 14 * MINUTE, "今天 20:00", "neutral"),
        (6 * HOUR + 14 * MINUTE, "今天 24:00", "neutral"),
        (8 * HOUR, "明天 01:46", "neutral"),
        (3 * DAY, "11-24 周二", "neutral"),
        (45 * DAY, "2027-01-05 周二", "neutral"),
    ],
)
def test_a_running_promise_says_what_is_left(ahead: timedelta, words: str, tone: str) -> None:
    html = badge(NOW + ahead)
    assert words_of(html) == words
    assert f"chip-{tone}" in html


def test_the_weekdays_of_these_tests_are_true() -> None:
    assert datetime(2026, 11, 24).weekday() == datetime(2027, 1, 5).weekday() == 1
    assert NOW.weekday() == 5


def test_a_promise_turns_amber_when_its_rule_says() -> None:
    html = badge(NOW + 2 * HOUR + 14 * MINUTE, "soon=soon", soon=NOW)
    assert words_of(html) == "剩 2 时 14 分 · 20:00"
    assert "chip-warn" in html


def test_a_kept_promise_says_how_long_it_took() -> None:
    html = badge(NOW, "'met' began=began ended=ended", began=NOW - HOUR, ended=NOW - 42 * MINUTE)
    assert words_of(html) == "按时 · 用 18 分"
    assert "data-due" not in html


def test_a_promise_that_ended_late_stays_late_by_the_same_time() -> None:
    html = badge(NOW - DAY, "'late' ended=ended", ended=NOW - DAY + 17 * HOUR + 46 * MINUTE)
    assert words_of(html) == "超时 17 时 46 分"
    assert "data-due" not in html


def test_a_promise_without_a_date_says_when_it_will_have_one() -> None:
    assert words_of(badge(None, "otherwise='完成后 3 个工作日'")) == "完成后 3 个工作日"
    assert words_of(badge(NOW, "'waived'")) == "免责"


def test_a_moment_shows_its_year_only_when_it_is_another() -> None:
    assert show("{{ at|moment:now }}", at=NOW, now=NOW) == "11-21 17:46"
    assert show("{{ at|moment:now }}", at=NOW - 400 * DAY, now=NOW) == "2025-10-17 17:46"
    assert show("{{ at|moment }}", at=None) == ""
    assert show("{{ at|full_moment }}", at=NOW) == "2026-11-21（六）17:46"


def test_a_span_is_rounded_down_to_its_two_largest_parts() -> None:
    assert span(timedelta(hours=2, minutes=10, seconds=59)) == "2 时 10 分"
    assert span(timedelta(days=3, hours=4, minutes=59)) == "3 天 4 时"
    assert span(2 * HOUR) == "2 时"


BAD = "<script>alert(1)</script>\"'"


@pytest.mark.parametrize(
    "text",
    [
        "{% chip x %}",
        "{% chip 'a' title=x %}",
        "{% card x aside=x %}{{ x }}{% endcard %}",
        "{% line x x x %}{{ x }}{% endline %}",
        "{% entry x who=x note=x %}{{ x }}{% endentry %}",
        "{% figure x x x url=x %}",
        "{% facts pairs %}",
        "{% copy_button x %}",
        "{% empty x x x x %}",
        "{% refusal x x %}",
        "{% tabs tabs x %}",
        "{% files files %}",
        "{% checks checks %}",
        "{% dialog x x %}{{ x }}{% enddialog %}",
        "{% progress 1 2 x %}",
        "{% sparkline values x %}",
        "{% due_badge None now otherwise=x %}",
    ],
)
def test_html_in_any_text_is_shown_not_obeyed(text: str) -> None:
    html = show(
        text,
        x=BAD,
        now=NOW,
        pairs={BAD: BAD},
        tabs=[Choice(BAD, BAD)],
        files=[FileLink(BAD, BAD, note=BAD)],
        checks=[Check(BAD, note=BAD)],
        values=[1, 2],
    )
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert "\"'" not in html


def test_a_tone_that_does_not_exist_is_a_mistake_of_the_template() -> None:
    with pytest.raises(TemplateSyntaxError, match="purple"):
        show("{% chip 'x' 'purple' %}")


def test_what_was_typed_wrongly_stays_and_is_explained_at_the_field() -> None:
    html = show("{% field form.phone %}", form=SampleForm({"phone": "一三九"}))
    assert 'value="一三九"' in html
    assert 'aria-invalid="true"' in html
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described
    assert f'id="{described[1]}"' in html
    assert "电话只能是数字" in html


def test_a_choice_is_chips_that_are_radio_buttons() -> None:
    html = show("{% field form.kind %}", form=SampleForm({"kind": "complaint"}))
    assert html.count('type="radio"') == 4
    assert re.search(r'value="complaint"[^>]*checked', html)
    assert "<legend>" in html


def test_every_field_is_named_by_its_label() -> None:
    html = show("{% for f in form %}{% field f %}{% endfor %}", form=SampleForm())
    fors = set(re.findall(r'<label for="([^"]+)"', html))
    assert fors == {"id_text", "id_phone", "id_department", "id_photos"}
    assert all(f'id="{name}"' in html for name in fors)


def test_a_hidden_field_takes_no_room() -> None:
    form = type("F", (forms.Form,), {"key": forms.CharField(widget=forms.HiddenInput)})()
    assert words_of(show("{% field form.key %}", form=form)) == ""


def test_what_is_still_missing_is_said_in_words() -> None:
    html = show("{% checks items %}", items=[Check("核实", True), Check("客户评价")])
    assert "已有：</span>核实" in html
    assert "还差：</span>客户评价" in html


def test_the_row_of_steps_marks_the_one_to_do() -> None:
    html = show("{% steps items %}", items=steps(("出发", "到场", "完工"), 1))
    assert re.search(r'aria-current="step">到场<', html)
    assert "出发 ✓" in html


def test_paging_offers_only_pages_that_exist() -> None:
    html = show("{% pager page %}", page=Pager(older="?after=50", words="共 90 件"))
    assert 'rel="next"' in html
    assert 'rel="prev"' not in html


def test_the_frame_shows_what_it_is_given_and_nothing_else() -> None:
    bare = render_to_string("web/base.html")
    assert "消息" not in bare
    assert "主菜单" not in bare
    nav = [NavItem("受理台", "/desk", 4, active=True), NavItem("房屋", "/units", group="小区")]
    told = {"nav": nav, "nav_tabs": nav[:1], "inbox_url": "/i", "inbox_count": 3}
    full = render_to_string("web/base.html", told)
    assert re.search(r'href="/desk" aria-current="page"', full)
    assert full.count('href="/desk"') == full.count('href="/units"') == 2  # at the left, below
    assert full.count("小区") == 2
    assert '<b class="red-count">3' in full


def test_no_page_needs_a_style_or_a_script_that_the_policy_forbids() -> None:
    html = render_to_string("web/patterns.html", samples(NOW) | {"now": NOW})
    assert not re.search(r"<[^>]+\sstyle=", html)
    assert not re.search(r"<[^>]+\son[a-z]+=", html)
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []


@pytest.mark.parametrize("code", [400, 403, 404, 500])
def test_an_error_page_says_what_to_do(code: int) -> None:
    html = render_to_string(f"{code}.html")
    assert f"（{code}）" in html
    assert "请" in html


def test_a_form_open_too_long_says_that_nothing_is_lost(settings: Settings) -> None:
    answer = csrf_failure(_bare(settings))
    assert answer.status_code == 403
    assert "填的内容还在" in answer.content.decode()


def test_a_refusal_under_htmx_is_a_sentence(settings: Settings) -> None:
    request = _bare(settings)
    request.META["HTTP_HX_REQUEST"] = "true"
    refused = Refused("held", "还有一张维修单没有结束。", "4.4.1c")
    answer = RefusedMiddleware(csrf_failure).process_exception(request, refused)
    assert answer is not None
    assert answer.status_code == 409
    assert answer.content.decode() == "还有一张维修单没有结束。（4.4.1c）"


def test_a_bug_is_not_a_refusal(settings: Settings) -> None:
    middleware = RefusedMiddleware(csrf_failure)
    assert middleware.process_exception(_bare(settings), ValueError("bug")) is None


def _bare(settings: Settings) -> HttpRequest:
    """A request, and pages without what the other floors add to their context."""
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"OPTIONS": engine["OPTIONS"] | {"context_processors": []}}]
    return RequestFactory().get("/")


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


PAIRS = [
    *((f"{tone}-ink", f"{tone}-ground") for tone in ("neutral", "info", "met", "warn", "late")),
    *((f"{tone}-ink", "paper") for tone in ("info", "met", "warn", "late")),
    *((ink, "paper") for ink in ("ink", "ink-soft", "ink-quiet", "brand")),
    *((ink, "ground") for ink in ("ink", "ink-soft", "ink-quiet", "brand")),
]


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_every_ink_can_be_read_on_its_ground(ink: str, ground: str) -> None:
    tokens = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", (CSS / "tokens.css").read_text()))
    assert contrast(tokens[ink], tokens[ground]) >= 4.5
