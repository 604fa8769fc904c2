"""The sheets themselves: what stands on them, in how many copies, and that text stays text."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouwen.papers.capitals import DIGITS, capitals
from shouwen.papers.sheet import font_trouble, render
from tests.papers.examples import (
    DAILY_REPAIRS,
    EXAMPLES,
    HEAD,
    QUOTATION,
    RECEIPT,
    REPAIR_ORDER,
    SERVICE_ORDER,
)
from tests.papers.paper import codes, pages, text

#: The columns of forms-and-ledgers.md, as they are printed.
COLUMNS = {
    "repair-order": "No. 房号 客户 联系电话 报修时间 家政 公共 有偿 无偿 报价 客户认可 预约时间 "
    "班组、维修工 领用材料 到达时间 完成时间 维修质量 服务态度 业户签名 业户意见 第一联 第二联 "
    "370-46.3",
    "requisition": "No. 维修单号 材料 规格 申领数量 实发数量 领料人签名 库管签名 第二联",
    "receipt": "No. 维修单号 房号 项目 金额 收款人 维修工交付",
    "service-order": "No. 客户 房号 服务项目 服务方案 价格 确认时间 服务人员 完成时间 费用 账单号 "
    "回访 满意度 客户签名 360-8",
    "fee-bill": "房号 账期 物业管理费 维修单 明细 本期合计 已收",
    "referral": "No. 问题 房号 现场核实 工程部经理签署意见 管理处主任签署意见 呈送发展商 "
    "2026-11-20 发展商处理意见 物业签名 开发商签名 留底",
    "complaint-record": "No. 投诉人 房号 电话 事件 时间 类别 确认意见 投诉内容 客户要求 责任部门 "
    "原因分析 处理方法 完成期限 负责人签字 验证结果 验证签字 责任部门负责人签名 客户服务部经理签名",
    "quotation": "No. 客户 房号 项目 单位 数量 单价 金额 合计 同意 不同意 客户签名",
}


@pytest.mark.parametrize("name", sorted(COLUMNS))
def test_a_sheet_has_every_column_of_its_form(name: str) -> None:
    printed = text(render(EXAMPLES[name]))
    assert [column for column in COLUMNS[name].split() if column not in printed] == []


def test_both_copies_of_a_repair_order_bear_their_name_and_their_own_code() -> None:
    pdf = render(REPAIR_ORDER)
    first, second = pages(pdf)
    assert "第一联存根" in first
    assert "第二联维修工" in second
    assert codes(pdf) == [f"{HEAD.address}?copy=1", f"{HEAD.address}?copy=2"]


def test_the_pages_of_a_copy_are_counted_for_themselves() -> None:
    long = replace(REPAIR_ORDER, materials=REPAIR_ORDER.materials * 12)
    printed = pages(render(long))
    assert len(printed) == 4
    assert ["第1页共2页" in page for page in printed] == [True, False, True, False]


def test_a_long_register_repeats_its_head_on_every_page() -> None:
    printed = pages(render(replace(DAILY_REPAIRS, rows=DAILY_REPAIRS.rows * 4)))
    assert len(printed) > 3
    assert all("对讲通知时间" in page for page in printed[:-1])


def test_a_register_with_nothing_in_it_says_so() -> None:
    assert "本期无记录" in text(render(EXAMPLES["register-empty"]))


def test_what_a_customer_wrote_is_never_read_as_markup() -> None:
    said = '#read("/etc/passwd") $x$ *粗* <b>标签</b> ]#panic()'
    printed = text(render(replace(REPAIR_ORDER, opinion=said)))
    assert "".join(said.split()) in printed


def test_a_rare_name_is_printed_and_not_an_empty_box() -> None:
    assert "㛃喆堃" in text(render(replace(RECEIPT, payer="㛃喆堃")))


def test_a_missing_font_is_said_with_what_to_do(tmp_path: Path) -> None:
    assert "make setup" in font_trouble(tmp_path)
    assert font_trouble() == ""


def test_amounts_stand_in_figures_and_in_capitals() -> None:
    printed = text(render(RECEIPT))
    assert "¥86.00" in printed
    assert "捌拾陆元整" in printed


def test_a_void_receipt_says_so_across_the_page() -> None:
    assert "作废" in text(render(replace(RECEIPT, void=True)))
    assert "作废" not in text(render(RECEIPT))


def test_what_is_not_known_yet_is_left_to_be_written() -> None:
    printed = text(render(EXAMPLES["repair-order-blank"]))
    assert "None" not in printed
    assert printed.count("√") == 2, "the range, on each copy"


@pytest.mark.parametrize("chosen", ["同意", "不同意"])
def test_only_the_answer_that_was_given_is_ticked(chosen: str) -> None:
    printed = text(render(replace(QUOTATION, answer=chosen)))
    assert printed.count("√") == 1


def test_a_long_plan_flows_on_and_loses_nothing() -> None:
    printed = text(render(replace(SERVICE_ORDER, plan="按约定做一步。" * 300)))
    assert printed.count("步") == 300


# --- Capitals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("10", "壹拾元整"),
        ("86.00", "捌拾陆元整"),
        ("107.05", "壹佰零柒元零伍分"),
        ("1086.50", "壹仟零捌拾陆元伍角整"),
        ("10000500.30", "壹仟万零伍佰元叁角整"),
        ("100000500", "壹亿零伍佰元整"),
        ("-12.34", "负壹拾贰元叁角肆分"),
    ],
)
def test_amounts_in_capitals(amount: str, words: str) -> None:
    assert capitals(Decimal(amount)) == words


@given(st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))
def test_the_capitals_of_an_amount_read_back_as_the_amount(amount: Decimal) -> None:
    assert _read(capitals(amount)) == amount


def _read(words: str) -> Decimal:
    """As a teller reads them: group by group."""
    cents = Decimal(0)
    whole, point, small = words.rpartition("元")
    for mark, worth in (("角", 10), ("分", 1)):
        before = small.partition(mark)[0][-1:] if mark in small else ""
        cents += DIGITS.index(before) * worth if before else 0
    assert point or not whole
    return Decimal(_group(whole)) + cents / 100


def _group(words: str) -> int:
    for mark, worth in (("亿", 10**8), ("万", 10**4)):
        if mark in words:
            above, _, below = words.partition(mark)
            return _group(above) * worth + _group(below)
    total = digit = 0
    for sign in words:
        if sign in DIGITS:
            digit = DIGITS.index(sign)
        else:
            total, digit = total + digit * {"拾": 10, "佰": 100, "仟": 1000}[sign], 0
    return total + digit
