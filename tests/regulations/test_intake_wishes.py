"""What each regulation wants of a registration, and by when."""

from typing import Any

import pytest

from shouwen.rules.intake import implied, missing, route, suggest
from tests.regulations.stories import book, entry, story

Facts = dict[str, Any]
clause = pytest.mark.clause
S0, S1, S2 = "first-contact", "developer-aftersales", "service-centre"
S3, S4 = "complaint-procedure", "customer-communication"


def asked(regulation: str, facts: Facts, before: str, *later: Any, **data: Any) -> set[str]:
    entries = story(facts, *later, **data)
    return {found.id for found in missing(book(regulation), entries, facts, before)}


def wish(
    mark: pytest.MarkDecorator, regulation: str, facts: Facts, before: str, *wanted: str
) -> Any:
    return pytest.param(regulation, facts, before, set(wanted), marks=mark)


COMPLAINT: Facts = {"kind": "complaint"}


@pytest.mark.parametrize(
    ("regulation", "facts", "before", "wanted"),
    [
        wish(clause("S0-3.4-8"), S0, {"kind": "inquiry"}, "closed", "room", "name", "phone"),
        wish(clause("S0-3.4-11", "S0-3.4-21"), S0, COMPLAINT, "dispatched", "read-back"),
        wish(
            clause("S0-3.2-6"), S0, {"kind": "inquiry", "source": "oral"}, "dispatched", "heard_by"
        ),
        wish(clause("S0-3.2-6"), S0, {"kind": "inquiry", "source": "letter"}, "closed", "scan"),
        wish(
            clause("S0-3.2-4"),
            S0,
            {"kind": "inquiry", "source": "company"},
            "closed",
            "sender",
            "sender_number",
        ),
        wish(
            clause("S0-3.2-5"),
            S0,
            {"kind": "inquiry", "source": "committee"},
            "closed",
            "sender",
            "sender_number",
        ),
        wish(clause("S0-3.4-9"), S0, {}, "dispatched", "kind"),
        wish(clause("S0-3.3.3-1"), S0, {"kind": "help"}, "done", "help_result"),
        wish(
            clause("S1-2.4-1"),
            S1,
            {"kind": "other", "source": "industry-commerce"},
            "closed",
            "sender",
            "sender_number",
        ),
        wish(clause("S1-1.2-0a", "S1-3.3-1"), S1, COMPLAINT, "dispatched", "stage"),
        wish(clause("S2-A15-2"), S2, {"kind": "suggestion"}, "dispatched", "name", "room", "phone"),
        wish(clause("S2-A15-5"), S2, COMPLAINT, "dispatched", "cause"),
        wish(
            clause("S2-A17r-6"),
            S2,
            {"kind": "daily", "source": "letter-box"},
            "dispatched",
            "heard_by",
        ),
        wish(
            clause("S2-HF2-6"),
            S2,
            {"kind": "daily", "source": "complaint-phone"},
            "dispatched",
            "heard_by",
        ),
        wish(clause("S2-RP-1"), S2, {"kind": "repair"}, "done", "room", "phone"),
        wish(
            clause("S2-A10r-6b"),
            S2,
            {"kind": "repair", "origin": "handover"},
            "dispatched",
            "repair_class",
        ),
        wish(
            clause("S3-4.1-2", "S3-4.1-3"),
            S3,
            COMPLAINT,
            "dispatched",
            "heard",
            "asked",
            "repeated",
            "noted",
            "told-head",
        ),
        wish(clause("S3-4.1-1"), S3, COMPLAINT, "closed", "name", "phone", "room"),
        wish(clause("S3-4.2-1a"), S3, {"kind": "repair"}, "dispatched", "scope"),
        wish(
            clause("S3-4.2-3a", "S3-4.2-3b", "S3-4.2-3c", "S3-4.2-4a"),
            S3,
            COMPLAINT,
            "dispatched",
            "business",
        ),
        wish(clause("S4-4.1-1"), S4, {}, "dispatched", "kind"),
        wish(clause("S4-4.4.2a-1"), S4, {"kind": "repair"}, "dispatched", "scope"),
        wish(
            clause("S4-4.4.1b-1", "S4-4.4.1a-0", "S4-4.4.1a-1", "S4-3.3-1"),
            S4,
            COMPLAINT,
            "closed",
            "business",
            "validity",
            "grade",
            "nature",
        ),
        wish(
            clause("S4-4.4.1a-2a", "S4-4.4.1a-2b", "S4-4.4.1a-2c"),
            S4,
            {"kind": "complaint", "validity": "invalid"},
            "closed",
            "invalid_type",
        ),
        wish(clause("S4-3.3-1"), S4, {"kind": "complaint", "nature": "claim"}, "closed", "claim"),
        wish(
            clause("S4-4.3.2-1", "S4-4.4.1c-2", "S4-4.3.2b-1"),
            S4,
            {"kind": "complaint", "level": "company"},
            "dispatched",
            "handle_level",
        ),
    ],
)
def test_what_the_regulation_wants_is_listed_until_it_is_there(
    regulation: str, facts: Facts, before: str, wanted: set[str]
) -> None:
    assert wanted <= asked(regulation, facts, before)
    details = dict.fromkeys(wanted, "有")
    given = {**dict.fromkeys(wanted, "有"), **facts}
    ticked = entry("ticked", ticks=sorted(wanted))
    assert not wanted & asked(regulation, given, before, ticked, details=details)


@pytest.mark.parametrize(
    ("regulation", "facts", "before", "unwanted"),
    [
        (S0, {"kind": "inquiry", "source": "phone"}, "dispatched", "heard_by"),
        (S3, {"kind": "repair"}, "dispatched", "heard"),
        (S4, {"kind": "repair"}, "closed", "validity"),
        (S4, {"kind": "complaint", "validity": "valid"}, "closed", "invalid_type"),
        (S4, {"kind": "complaint", "level": "project"}, "dispatched", "handle_level"),
    ],
)
def test_it_is_not_asked_of_other_cases(
    regulation: str, facts: Facts, before: str, unwanted: str
) -> None:
    assert unwanted not in asked(regulation, facts, before)


def names(regulation: str, axis: str) -> set[str]:
    found = book(regulation).axis(axis)
    assert found is not None
    return {value.name for value in found[1].values}


@pytest.mark.parametrize(
    ("regulation", "axis", "words"),
    [
        pytest.param(S0, "kind", "服务 咨询 报修 投诉 建议 意见", marks=clause("S0-3.4-9")),
        pytest.param(S1, "stage", "销售 签约 交楼 办证", marks=clause("S1-1.2-0a", "S1-3.3-1")),
        pytest.param(S1, "grade", "一般投诉 重大投诉 危机事件", marks=clause("S1-3.3-1")),
        pytest.param(
            S2,
            "cause",
            "一类：物业管理服务不到位 二类：开发商及房屋质量问题 三类：外部环境、非管辖区公共配套",
            marks=clause("S2-A15-6", "S2-A15-7", "S2-A15-8"),
        ),
        pytest.param(S2, "kind", "日常事务 投诉 建议", marks=clause("S2-A1-10")),
        pytest.param(S3, "scope", "室内维修 公共区域设备设施维修", marks=clause("S3-4.2-1a")),
        pytest.param(
            S3, "business", "公共区域清洁 公共区域绿化 小区设施受到损坏", marks=clause("S3-4.2-3a")
        ),
        pytest.param(S3, "business", "装修噪音 装修异味 装修粉尘", marks=clause("S3-4.2-3b")),
        pytest.param(
            S3,
            "business",
            "邮件报纸遗失 邮件报纸欠收 邮件报纸投递不及时",
            marks=clause("S3-4.2-4a"),
        ),
        pytest.param(S3, "kind", "投诉 报修 有偿服务需求", marks=clause("S3-2-1")),
        pytest.param(S4, "validity", "有效投诉 无效投诉", marks=clause("S4-4.4.1a-0")),
        pytest.param(
            S4,
            "invalid_type",
            "求助型 咨询型 发泄型",
            marks=clause("S4-4.4.1a-2a", "S4-4.4.1a-2b", "S4-4.4.1a-2c"),
        ),
        pytest.param(S4, "scope", "家政报修 公共区域报修", marks=clause("S4-4.4.2a-1")),
        pytest.param(S4, "nature", "异议 抗议 索赔 要求解决问题", marks=clause("S4-3.3-1")),
        pytest.param(
            S4,
            "event_type",
            "客户群诉 媒体负面报道 业界公开通报 到上级单位上访 大额赔偿 诉讼",
            marks=clause("S4-4.3.4-1"),
        ),
        pytest.param(S4, "event_cause", "设计 施工 管理 服务", marks=clause("S4-4.3.4-2")),
        pytest.param(
            S4, "source", "口头 函件 客户信息数据平台 满意度测评", marks=clause("S4-3.2-1")
        ),
        pytest.param(
            S4,
            "source",
            "集团反馈 总部办公室来函 纪委来函 总部客户信息中心监控",
            marks=clause("S4-4.4.1c-13"),
        ),
    ],
)
def test_the_list_has_the_words_of_the_clause(regulation: str, axis: str, words: str) -> None:
    assert set(words.split()) <= names(regulation, axis)


@pytest.mark.clause("S4-4.1-1", "S4-4.1-2")
def test_s4_has_exactly_its_fourteen_kinds() -> None:
    listed = (
        "投诉 报修 装修 安全 车辆 设备设施 环境管理 物业人员 社区经营 建议 表扬 咨询 特约服务 其他"
    )
    assert names(S4, "kind") == set(listed.split())


@pytest.mark.clause("S4-4.4.1b-1")
def test_s4_has_exactly_its_ten_business_classes() -> None:
    listed = (
        "装修管理 安全管理 车辆管理 设备设施管理 环境管理 物业人员 投诉处理 社区经营 售后服务 其他"
    )
    assert names(S4, "business") == set(listed.split())


@pytest.mark.clause("S0-3.2-1", "S0-3.2-3")
def test_s0_has_exactly_its_sources_and_wants_one() -> None:
    listed = "来电（含夜间） 前台来访 公司转来 客户委员会转来 口头告知 书面告知"
    assert names(S0, "source") == set(listed.split())
    axis = book(S0).axis("source")
    assert axis is not None
    assert axis[1].required == "opening"


def source_facts(regulation: str, source: str) -> dict[str, str | bool]:
    return implied(book(regulation), {"source": source})


@pytest.mark.clause("S1-2.4-1")
@pytest.mark.parametrize("source", ["consumer-association", "industry-commerce", "government"])
def test_what_an_authority_passes_on_is_urgent_from_the_start(source: str) -> None:
    assert source_facts(S1, source)["urgent"] is True


@pytest.mark.clause("S4-4.4.1a-1e")
def test_what_an_authority_passes_on_under_s4_is_urgent_too() -> None:
    assert source_facts(S4, "government")["urgent"] is True
    assert "urgent" not in source_facts(S4, "phone")


@pytest.mark.clause("S4-4.2-1")
def test_visits_and_surveys_are_special_communication_and_calls_are_daily() -> None:
    assert source_facts(S4, "survey")["occasion"] == "special"
    assert source_facts(S4, "visit")["occasion"] == "special"
    assert source_facts(S4, "phone")["occasion"] == "daily"


@pytest.mark.clause("S4-3.3-1")
def test_a_letter_is_a_written_complaint() -> None:
    assert source_facts(S4, "letter")["form"] == "written"
    assert source_facts(S4, "phone")["form"] == "spoken"


@pytest.mark.clause("S4-4.3.2-1", "S4-4.3.2a-1", "S4-4.3.2b-2", "S4-3.5-1")
@pytest.mark.parametrize(
    ("source", "level"),
    [
        ("phone", "project"),
        ("platform", "project"),
        ("hotline-400", "company"),
        ("company", "company"),
        ("developer-hotline", "company"),
    ],
)
def test_each_channel_of_s4_is_taken_by_its_level(source: str, level: str) -> None:
    value = book(S4).value("source", source)
    assert value is not None
    assert value.level == level


@pytest.mark.parametrize(
    ("regulation", "facts", "department"),
    [
        pytest.param(S0, {"kind": "repair"}, "engineering", marks=clause("S0-3.4-32")),
        pytest.param(S0, {"kind": "lost-found"}, "security", marks=clause("S0-3.4-32")),
        pytest.param(
            S2,
            {"kind": "complaint", "cause": "class-2"},
            "engineering",
            marks=clause("S2-A15-7", "S2-A15-15"),
        ),
        pytest.param(
            S2, {"kind": "complaint", "cause": "class-3"}, "service", marks=clause("S2-A15-8")
        ),
        pytest.param(
            S2,
            {"kind": "daily", "source": "letter-box"},
            "office",
            marks=clause("S2-A17r-6", "S2-HF2-6"),
        ),
        pytest.param(S2, {"kind": "repair"}, "engineering", marks=clause("S2-RP-3")),
        pytest.param(S3, {"kind": "repair"}, "engineering", marks=clause("S3-3.2-1", "S3-4.2-1A1")),
        pytest.param(
            S3,
            {"kind": "complaint", "business": "facility-damage"},
            "engineering",
            marks=clause("S3-3.2-1"),
        ),
        pytest.param(
            S3, {"kind": "complaint", "business": "security"}, "security", marks=clause("S3-3.3-1")
        ),
        pytest.param(
            S3,
            {"kind": "complaint", "business": "intruders"},
            "security",
            marks=clause("S3-4.2-3c"),
        ),
        pytest.param(
            S3,
            {"kind": "complaint", "business": "mail-late"},
            "security",
            marks=clause("S3-4.2-4b"),
        ),
        pytest.param(
            S3,
            {"kind": "complaint", "business": "public-greening"},
            "environment",
            marks=clause("S3-3.4-1"),
        ),
        pytest.param(
            S3,
            {"kind": "complaint", "business": "decoration-dust"},
            "engineering",
            marks=clause("S3-4.2-3b"),
        ),
    ],
)
def test_the_department_of_the_clause_is_proposed(
    regulation: str, facts: Facts, department: str
) -> None:
    proposed = route(book(regulation), facts)
    assert proposed is not None
    assert proposed.lead == department


@pytest.mark.parametrize(
    ("text", "kind", "urgent"),
    [
        ("厨房水龙头漏水，麻烦修一下", "repair", False),
        ("3栋电梯困人，快来", None, True),
        ("配电箱冒烟，有烧焦味", None, True),
        ("楼上水管爆管，客厅积水", "repair", True),
        ("厨房有燃气味", None, True),
        ("垃圾三天没人清扫，楼道异味很大", "environment", False),
        ("楼上装修砸墙，电钻一直响", "decoration", False),
        ("我的车位被别人乱停占了", "vehicle", False),
        ("昨晚家里被盗，想调监控", "security", False),
        ("我要投诉，多次反映都不解决，太差了", "complaint", False),
        ("请问收费标准是多少，需要什么材料", "inquiry", False),
        ("送锦旗表扬门岗师傅，服务很好", "praise", False),
        ("今天天气不错", None, False),
    ],
)
def test_the_default_word_lists_recognise_what_customers_say(
    text: str, kind: str | None, urgent: bool
) -> None:
    found = {suggestion.axis: suggestion.value for suggestion in suggest(book("defaults"), text)}
    assert (found.get("urgent") is True) is urgent
    if kind:
        assert found.get("kind") == kind
    if text == "今天天气不错":
        assert found == {}
