"""What a text suggests, among what the regulation in force lets choose."""

import pytest

from shouwen.adoption.library import rulebook
from shouwen.rules.intake import suggest

RULES = rulebook(["customer-communication", "first-contact", "defaults"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("投诉楼上装修，中午一直用电钻", "complaint"),
        ("楼上装修，中午一直用电钻", "decoration"),
        ("报修：门口的路灯不亮，保安说不归他管", "repair"),
        ("表扬一下李师傅，修水管又快又好", "praise"),
        ("厨房水管漏水", "repair"),
    ],
)
def test_who_names_the_thing_has_said_it_whatever_else_the_text_is_about(
    text: str, kind: str
) -> None:
    found = {s.axis: s.value for s in suggest(RULES, text)}
    assert found["kind"] == kind


def test_a_repair_class_is_not_suggested_for_a_complaint() -> None:
    axes = {s.axis for s in suggest(RULES, "投诉卫生间漏水没人管，小修都拖了三天")}
    assert "scope" not in axes
    assert "repair_class" not in axes


def test_only_what_the_regulation_lets_choose_is_suggested() -> None:
    found = {s.axis: s.value for s in suggest(RULES, "钥匙丢了，请帮我找找失物")}
    known = RULES.axis("kind")
    assert known is not None
    assert found.get("kind") in {None, *(value.code for value in known[1].values)}


def test_the_words_that_made_it_so_are_named() -> None:
    urgent = next(s for s in suggest(RULES, "地上已经积水，担心漏到电箱") if s.axis == "urgent")
    assert urgent.value is True
    assert "积水" in urgent.words
