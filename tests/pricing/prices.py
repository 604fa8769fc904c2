"""A price list in force at 翠湖花园, for every test in which something costs money.

prices = repair_prices(cast)            # {"JS-01": PriceItem, …}, drawn up, approved, in force
prices = special_prices(cast)           # the nine special services of 制度 S4, posted too
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import scope_of
from shouwen.pricing.actions.listing import Row, approve, draft, post, rewrite, submit, waiting_step
from shouwen.pricing.models import PriceEdition, PriceItem
from tests.cast import Cast
from tests.moments import moment

MADE = moment("2026-11-02 10:00", "周一")
SINCE = date(2026, 11, 2)
REPAIR = (
    Row("JS-01", "更换角阀", "个", Decimal("35.00"), Decimal("35.00"), "含拆旧、试水"),
    Row("JS-02", "疏通下水管", "次", Decimal("60.00"), Decimal("120.00"), "视堵塞程度"),
    Row("DQ-01", "更换插座面板", "个", Decimal("20.00"), Decimal("20.00")),
)
SPECIAL = tuple(
    Row(f"T{n:02}", name, unit, Decimal(low), Decimal(high), basis="市场调查")
    for n, name, unit, low, high in (
        (1, "室内保洁", "平方米", "4.00", "6.00"),
        (2, "代客购物", "次", "10.00", "10.00"),
        (3, "加时空调", "小时", "45.00", "45.00"),
        (4, "家政维修", "次", "30.00", "200.00"),
        (5, "代管代租房屋", "月", "200.00", "500.00"),
        (6, "代购车、船、机票", "张", "5.00", "5.00"),
        (7, "会务策划", "次", "500.00", "5000.00"),
        (8, "礼仪接待", "人时", "80.00", "150.00"),
        (9, "其他服务", "次", "1.00", "1000.00"),
    )
)


def repair_prices(cast: Cast, rows: tuple[Row, ...] = REPAIR) -> dict[str, PriceItem]:
    """刘强 draws it up, 周敏 approves it."""
    return in_force(cast.cuihu, "repair", rows, cast.liuqiang, [cast.zhoumin])


def special_prices(cast: Cast, rows: tuple[Row, ...] = SPECIAL) -> dict[str, PriceItem]:
    """孙丽 draws it up; 唐莉 approves it and records what the price authority answered."""
    return in_force(cast.cuihu, "special", rows, cast.sunli, [cast.tangli, cast.tangli])


def in_force(
    project: OrgUnit, kind: str, rows: tuple[Row, ...], drafter: Staff, approvers: list[Staff]
) -> dict[str, PriceItem]:
    by = scope_of(drafter, MADE)
    edition = draft(project=project, kind=kind, by=by, at=MADE)
    rewrite(edition=edition, rows=rows, by=by, at=MADE, basis="市场调查")
    submit(edition=edition, effective_from=SINCE, by=by, at=MADE)
    for approver in approvers:
        answer(edition, approver)
    edition.refresh_from_db()
    if edition.price_list.must_post:
        post(edition=edition, where="服务中心公告栏", by=by, at=MADE)
    return {item.code: item for item in edition.items.select_related("edition__price_list")}


def answer(edition: PriceEdition, approver: Staff) -> None:
    """The step whose turn it is, agreed to; an outside body answers with its number."""
    step = waiting_step(edition)
    outside = (
        {"mode": "备案", "number": "沪价备〔2026〕12号", "decided_on": SINCE}
        if step and step.outside
        else {}
    )
    approve(edition=edition, by=scope_of(approver, MADE), at=MADE, **outside)  # type: ignore[arg-type] # as it answers
