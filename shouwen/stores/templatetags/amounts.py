"""Quantities as people write them."""

from decimal import Decimal

from django import template

from shouwen.stores.actions.moving import plain

register = template.Library()


@register.filter
def amount(quantity: Decimal | None) -> str:
    """2.00 → 2, 1.50 → 1.5; nothing for nothing."""
    return plain(quantity) if quantity is not None else ""


@register.filter
def signed(quantity: Decimal) -> str:
    """+2, −1.5"""
    return f"{'+' if quantity > 0 else '−'}{plain(abs(quantity))}"
