"""How money is written on pages."""

from decimal import Decimal

from django import template

from shouwen.billing.models import Charge, Decided
from shouwen.rules.money import yuan as written

register = template.Library()

#: Of a charge, of a request.
TONES = {
    Charge.State.OPEN.value: "warn",
    Charge.State.BILLED.value: "info",
    Charge.State.PAID.value: "met",
    Decided.State.ASKED.value: "warn",
    Decided.State.APPROVED.value: "info",
    Decided.State.REFUSED.value: "late",
}


@register.filter
def yuan(amount: Decimal | int | None) -> str:
    """1,286.50; nothing for nothing."""
    return written(Decimal(amount)) if amount is not None else ""


@register.filter
def tone(state: str) -> str:
    """The tone of the chip of a state."""
    return TONES.get(state, "neutral")
