"""How a refusal reaches the person. Its pages are tried in test_organisation.py."""

from http import HTTPStatus

import pytest
from django import forms
from django.http import HttpResponse
from django.test import RequestFactory

from shouwen.rules.refused import Refused
from shouwen.web.forms import add_refusal
from shouwen.web.middleware import RefusedMiddleware

REFUSED = Refused("feedback-missing", "还没有反馈客户，不能关闭。", "4.4.1c")


class Form(forms.Form):
    text = forms.CharField(required=False)


def answer(refused: Exception, **headers: str) -> HttpResponse | None:
    request = RequestFactory().post("/cases/1/close", headers=headers)
    return RefusedMiddleware(lambda _: HttpResponse()).process_exception(request, refused)


@pytest.mark.parametrize(
    ("field", "place"), [("text", "text"), ("", "__all__"), ("gone", "__all__")]
)
def test_a_refusal_stands_at_its_field_or_above_the_form_and_what_was_typed_stays(
    field: str, place: str
) -> None:
    form = Form({"text": "漏水"})
    add_refusal(form, Refused("too-early", "还不到时间。", "4.4.1c", field))
    assert form.errors[place] == ["还不到时间。（4.4.1c）"]
    assert form["text"].value() == "漏水"


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("feedback-missing", HTTPStatus.CONFLICT),
        ("not-allowed", HTTPStatus.FORBIDDEN),
        ("not-found", HTTPStatus.NOT_FOUND),
    ],
)
@pytest.mark.parametrize("asked_by", [{}, {"HX-Request": "true"}])
def test_the_status_says_whether_it_may_not_is_not_there_or_cannot_be_now(
    code: str, status: HTTPStatus, asked_by: dict[str, str]
) -> None:
    refusal = answer(Refused(code, "还没有反馈客户，不能关闭。", "4.4.1c"), **asked_by)
    assert refusal is not None
    assert refusal.status_code == status


def test_a_fragment_gets_the_sentence_and_the_clause_as_plain_text() -> None:
    refusal = answer(REFUSED, **{"HX-Request": "true"})
    assert refusal is not None
    assert refusal.headers["Content-Type"].startswith("text/plain")
    assert refusal.content.decode() == "还没有反馈客户，不能关闭。（4.4.1c）"


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example/", ""])
def test_a_form_from_no_page_of_ours_is_answered_by_a_page_with_the_clause(page: str) -> None:
    refusal = answer(REFUSED, Referer=page)
    assert refusal is not None
    assert refusal.status_code == HTTPStatus.CONFLICT
    assert "4.4.1c" in refusal.content.decode()


def test_a_mistake_of_the_program_is_not_dressed_up_as_a_refusal() -> None:
    assert answer(ValueError("x")) is None
