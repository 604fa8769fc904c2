"""What may be quoted: prices within their band, from an edition that is in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shouwen.rules.money import yuan
from shouwen.rules.refused import Refused


@dataclass(frozen=True)
class Edition:
    """One edition of a price list: approved or not, posted or not, and from when until when."""

    approved: bool
    effective_from: date | None
    effective_until: date | None = None
    must_post: bool = False
    posted_on: date | None = None


def is_effective(edition: Edition, day: date) -> bool:
    """Approved, posted where it must be, and `day` lies in [from, until)."""
    if not edition.approved or edition.effective_from is None:
        return False
    if edition.must_post and (edition.posted_on is None or edition.posted_on > day):
        return False
    until = edition.effective_until
    return edition.effective_from <= day and (until is None or day < until)


@dataclass(frozen=True)
class Band:
    """Between which prices an item may be quoted. A fixed price is a band of one."""

    code: str
    name: str
    low: Decimal
    high: Decimal

    @property
    def words(self) -> str:
        return yuan(self.low) if self.low == self.high else f"{yuan(self.low)}–{yuan(self.high)}"


def require_within(band: Band, price: Decimal, clause: str = "") -> None:
    """Refuse a price that the list does not allow."""
    if not band.low <= price <= band.high:
        raise Refused(
            "outside-the-band", f"“{band.name}”的收费标准是 {band.words} 元，请在此范围内报价。",
            clause, "price",
        )  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One line that somebody wants to quote; `band` is None for what is on no list."""

    name: str
    quantity: Decimal
    price: Decimal
    band: Band | None = None
    material: bool = False


def require_quotable(lines: Sequence[Asked], *, negotiated: bool, clause: str = "") -> None:
    """Refuse a quotation that the rules do not allow. Material is priced by the store."""
    if not lines:
        raise Refused("nothing-quoted", "请至少写一个收费项目。", clause, "lines")
    for line in lines:
        if not line.name.strip():
            raise Refused("no-name", "请写收费项目的名称。", field="name")
        if line.quantity <= 0 or line.price < 0:
            raise Refused(
                "no-amount", f"“{line.name}”的数量要大于零，单价不能小于零。", field="quantity"
            )
        if line.band:
            require_within(line.band, line.price, clause)
        elif not (negotiated or line.material):
            raise Refused(
                "not-on-the-list", f"“{line.name}”不在现行收费标准中，请从标准中选择项目。",
                clause, "name",
            )  # fmt: skip
