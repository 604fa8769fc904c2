"""The lists of each regulation stand on the form of a case, take their own words and no others."""

from collections.abc import Callable
from typing import Any

import pytest

from shouwen.cases.actions.classifying import classify
from shouwen.rules.refused import Refused
from tests.clauses.product import Product

clause = pytest.mark.clause
S0, S1, S2 = "first-contact", "developer-aftersales", "service-centre"
S3, S4 = "complaint-procedure", "customer-communication"
Adopted = Callable[..., Product]

LISTS = [
    (S0, "kind", {}, "服务 咨询 报修 投诉 建议 意见", clause("S0-3.4-9")),
    (S1, "stage", {}, "销售 签约 交楼 办证", clause("S1-1.2-0a", "S1-3.3-1")),
    (S1, "grade", {}, "一般投诉 重大投诉 危机事件", clause("S1-3.3-1", "S1-1.2-2", "S1-1.2-3")),
    (S2, "kind", {}, "日常事务 投诉 建议", clause("S2-A1-10")),
    (S2, "grade", {}, "一般投诉 情节严重 重大投诉", clause("S2-A14-6", "S2-A18-1a")),
    (S3, "scope", {"kind": "repair"}, "室内维修 公共区域设备设施维修", clause("S3-4.2-1a")),
    (S3, "business", {}, "公共区域清洁 公共区域绿化 小区设施受到损坏", clause("S3-4.2-3a")),
    (S3, "business", {}, "邮件报纸遗失 邮件报纸欠收 邮件报纸投递不及时", clause("S3-4.2-4a")),
    (
        S4, "kind", {},
        "投诉 报修 装修 安全 车辆 设备设施 环境管理 物业人员 社区经营 建议 表扬 咨询 特约服务 其他",
        clause("S4-4.1-1"),
    ),
    (
        S4, "business", {},
        "装修管理 安全管理 车辆管理 设备设施管理 环境管理 物业人员 投诉处理 社区经营 售后服务 其他",
        clause("S4-4.4.1b-1"),
    ),
    (S4, "grade", {}, "一般投诉 重大投诉", clause("S4-4.4.1a-1")),
    (S4, "nature", {}, "异议 抗议 索赔 要求解决问题", clause("S4-3.3-1")),
    (S4, "form", {}, "书面 口头", clause("S4-3.3-1")),
    (S4, "scope", {"kind": "repair"}, "家政报修 公共区域报修", clause("S4-4.4.2a-1")),
    (
        S4, "event_type", {},
        "客户群诉 媒体负面报道 业界公开通报 到上级单位上访 大额赔偿 诉讼", clause("S4-4.3.4-1"),
    ),
    (S4, "repair_class", {"kind": "repair"}, "一般性故障 小修 中修 大修", clause("S4-4.4.2b-6")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("regulation", "axis", "facts", "words"),
    [
        pytest.param(*row[:4], marks=row[4], id=f"{row[0]}-{row[1]}-{row[3].split()[0]}")
        for row in LISTS
    ],
)
def test_the_form_of_a_case_offers_the_words_of_the_clause_and_each_can_be_chosen(
    adopted: Adopted, regulation: str, axis: str, facts: dict[str, Any], words: str
) -> None:
    product = adopted(regulation)
    case = product.registers(**{"kind": "complaint", **facts})
    page = product.looks("csr", "cases:verb", case.number, "classify")
    offered = {name: code for code, name in page.context["form"].fields[axis].choices}
    assert set(words.split()) <= set(offered)
    for word in words.split():
        if case.facts.get(axis) != offered[word]:
            classify(case=case, facts={axis: offered[word]}, reason="据实", **product.acts("csr"))
        assert case.facts[axis] == offered[word]


@clause("S4-4.1-1", "S4-4.4.1b-1", "S0-3.4-9")
@pytest.mark.parametrize(
    ("regulation", "axis", "many"), [(S4, "kind", 14), (S4, "business", 10), (S0, "kind", 11)]
)
def test_the_form_offers_exactly_the_list_and_nothing_else_is_taken(
    adopted: Adopted, regulation: str, axis: str, many: int
) -> None:
    product = adopted(regulation)
    case = product.registers()
    page = product.looks("csr", "cases:verb", case.number, "classify")
    choices = [code for code, _ in page.context["form"].fields[axis].choices if code]
    assert len(choices) == len(set(choices)) == many
    with pytest.raises(Refused, match="没有这个选项"):
        classify(case=case, facts={axis: "no-such"}, **product.acts("csr"))


@clause("S4-4.4.1a-1")
def test_a_change_of_severity_is_kept_with_who_and_when(adopted: Adopted) -> None:
    product = adopted(S4)
    case = product.registers()
    for grade in ("general", "major"):
        product.later(minutes=5)
        classify(case=case, facts={"grade": grade}, reason="核实", **product.acts("csr"))
    changes = list(case.journal.filter(verb="classified").order_by("seq"))
    assert [entry.data["facts"]["grade"] for entry in changes] == ["general", "major"]
    assert {entry.by for entry in changes} == {product.cast.limin}
    assert changes[0].at < changes[1].at


@clause("S4-4.4.1a-0b")
def test_whether_a_complaint_is_valid_is_decided_above_the_desk_with_a_reason(
    adopted: Adopted,
) -> None:
    product = adopted(S4)
    case = product.registers()
    valid = {"validity": "valid"}
    with pytest.raises(Refused, match="由制度指定的岗位确定") as refused:
        classify(case=case, facts=valid, reason="我方责任", **product.acts("csr"))
    assert refused.value.clause == "4.4.1a"
    with pytest.raises(Refused, match="写明意见"):
        classify(case=case, facts=valid, **product.acts("cs_head"))
    classify(case=case, facts=valid, reason="保洁漏扫，环境部责任", **product.acts("cs_head"))
    assert case.facts["validity"] == "valid"
    assert product.entry(case, "classified").data["reason"] == "保洁漏扫，环境部责任"


@clause("S4-4.4.1a-0b")
def test_nobody_decides_validity_by_registering(adopted: Adopted) -> None:
    product = adopted(S4)
    with pytest.raises(Refused, match="由制度指定的岗位确定"):
        product.registers(validity="invalid")
    assert product.registers(by="cs_head", validity="invalid").facts["validity"] == "invalid"


@clause("S4-4.4.1a-0b")
def test_who_handled_a_complaint_does_not_decide_whether_it_was_valid(adopted: Adopted) -> None:
    product = adopted(S4)
    case = product.registers(by="cs_head")
    product.completes(case, "dispatched")
    product.dispatches(case, "service")
    product.accepts(case, "cs_head")
    with pytest.raises(Refused, match="处理人不能自己确定"):
        classify(case=case, facts={"validity": "valid"}, reason="属实", **product.acts("cs_head"))


@clause("S2-A15-5")
def test_a_complaint_gets_its_class_with_an_opinion_name_and_time(adopted: Adopted) -> None:
    product = adopted(S2)
    case = product.registers()
    with pytest.raises(Refused, match="写明意见"):
        classify(case=case, facts={"cause": "class-1"}, **product.acts("csr"))
    classify(case=case, facts={"cause": "class-1"}, reason="保洁不到位", **product.acts("csr"))
    entry = product.entry(case, "classified")
    assert (entry.data["reason"], entry.by, entry.at) == (
        "保洁不到位", product.cast.limin, product.now
    )  # fmt: skip


@clause("S4-3.3-1")
@pytest.mark.parametrize(("source", "form"), [("letter", "written"), ("phone", "spoken")])
def test_a_letter_is_a_written_complaint_and_a_call_a_spoken_one(
    adopted: Adopted, source: str, form: str
) -> None:
    assert adopted(S4).registers(source=source).facts["form"] == form


@clause("S4-4.3.2-1", "S4-4.3.2b-1", "S4-4.3.2b-2", "S4-4.4.1c-2")
@pytest.mark.parametrize(
    ("source", "handled"),
    [("hotline-400", "project"), ("hotline-400", "company"), ("developer-hotline", "company")],
)
def test_only_the_company_decides_who_handles_what_it_took(
    adopted: Adopted, source: str, handled: str
) -> None:
    product = adopted(S4)
    case = product.registers(by="hotline400", source=source)
    level = {"handle_level": handled}
    with pytest.raises(Refused, match="由制度指定的岗位确定"):
        classify(case=case, facts=level, **product.acts("project_manager"))
    classify(case=case, facts=level, **product.acts("company_cs"))
    assert (case.facts["level"], case.facts["handle_level"]) == ("company", handled)
    product.completes(case, "dispatched")
    product.dispatches(case)
    assert product.row(case, "company-route-decision").outcome == "met"
