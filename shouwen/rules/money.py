"""Money in yuan with two decimals. Nothing is ever lost between lines, shares and totals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from shouwen.rules.refused import Refused

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
#: The books have twelve digits.
MOST = Decimal("9999999999.99")


def cents(amount: Decimal) -> Decimal:
    """The amount in whole cents, half a cent up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def require_fits(amount: Decimal) -> None:
    """Refuse what the books have no room for."""
    if amount > MOST:
        raise Refused("too-much", "金额太大，请核对数量和单价。", field="lines")


def yuan(amount: Decimal) -> str:
    """ "1,286.50", as it is printed; in the journal it stands without the comma (`str`)."""
    return f"{cents(amount):,}"


@dataclass(frozen=True)
class Line:
    """One line of a quotation, charge or bill."""

    name: str
    unit: str
    quantity: Decimal
    price: Decimal

    @property
    def amount(self) -> Decimal:
        """Rounded once, here: a total is the sum of what stands on the lines."""
        return cents(self.quantity * self.price)


def total(lines: Iterable[Line]) -> Decimal:
    return sum((line.amount for line in lines), ZERO)


def split(amount: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Shares in proportion to the weights, in cents, that sum to the amount exactly.

    What rounding leaves over goes to the largest remainders, the first of equals first.
    """
    whole = sum(weights, Decimal(0))
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights must not be negative, and not all nothing")
    sign = -1 if amount < 0 else 1
    due = int(abs(cents(amount)) / CENT)
    shares = [divmod(due * weight, whole) for weight in weights]
    parts = [int(share) for share, _remainder in shares]
    order = sorted(range(len(parts)), key=lambda place: -shares[place][1])
    for place in order[: due - sum(parts)]:
        parts[place] += 1
    return [sign * part * CENT for part in parts]
