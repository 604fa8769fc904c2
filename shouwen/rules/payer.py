"""Who pays for a repair: the developer while a warranty runs, whoever did the damage, the
maintenance fund, the company, or the owner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from shouwen.rules.paid_kinds import Warranty
from shouwen.rules.rule import Facts
from shouwen.rules.vocabulary import HOUSE_PARTS

PayerCode = Literal["developer", "fund", "liable", "owner", "company"]

PAYERS: dict[PayerCode, str] = {
    "developer": "开发商保修",
    "fund": "公共维修资金",
    "liable": "责任人承担",
    "owner": "业主自费",
    "company": "物业承担",
}
#: Who is asked for money: a price and a consent come first.
CUSTOMERS: frozenset[str] = frozenset({"liable", "owner"})
#: Public work of these classes is paid from the fund; smaller upkeep is in the management fee.
_FROM_THE_FUND = frozenset({"medium", "large", "project"})


@dataclass(frozen=True)
class Payer:
    """Who pays, why in words, and the clause where there is one."""

    code: PayerCode
    words: str
    clause: str = ""

    @property
    def name(self) -> str:
        return PAYERS[self.code]

    @property
    def is_customer(self) -> bool:
        return self.code in CUSTOMERS


def decide_payer(
    facts: Facts,
    part: str,
    handed_over_on: date | None,
    today: date,
    warranties: Iterable[Warranty],
) -> Payer:
    """A proposal; a person may decide otherwise, with a reason.

    `facts`: "liable" is who did the damage, "scope" is home or public, "repair_class" the class of
    public work. `part` is one of `HOUSE_PARTS`, or empty while nobody knows.
    """
    liable = facts.get("liable")
    if liable:
        return Payer("liable", f"损坏由{liable}造成，由责任人承担。")
    warranty = next((rule for rule in warranties if part and rule.part == part), None)
    if warranty and handed_over_on and today <= ends_on(warranty, handed_over_on):
        return Payer("developer", _within(warranty, handed_over_on), warranty.clause)
    why = _why_not(warranty, handed_over_on)
    if facts.get("scope") == "public":
        if facts.get("repair_class") in _FROM_THE_FUND:
            return Payer("fund", f"{why}公共部位的中修、大修，从公共维修资金列支。")
        return Payer("company", f"{why}公共部位的日常养护，由物业服务费承担。")
    return Payer("owner", f"{why}户内维修，由业主自费。")


def ends_on(warranty: Warranty, handed_over_on: date) -> date:
    """The last day of a warranty."""
    if warranty.years:
        return _anniversary(handed_over_on, warranty.years)
    before_winter = (handed_over_on.month, handed_over_on.day) <= (11, 15)
    first = handed_over_on.year + (0 if before_winter else 1)
    return date(first + warranty.seasons, 3, 15)


def _anniversary(day: date, years: int) -> date:
    """The same day so many years later; where that year has no 29 February, the day after."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _within(warranty: Warranty, handed_over_on: date) -> str:
    last = ends_on(warranty, handed_over_on)
    return f"{HOUSE_PARTS[warranty.part]}保修到 {last:%Y-%m-%d}，由开发商维修。"


def _why_not(warranty: Warranty | None, handed_over_on: date | None) -> str:
    """Why the developer does not pay, as the beginning of the sentence."""
    if warranty is None:
        return ""
    if handed_over_on is None:
        return "房屋的交付日期没有登记，不能判断是否在保修期内；"
    return f"{HOUSE_PARTS[warranty.part]}的保修期已于 {ends_on(warranty, handed_over_on)} 届满；"
