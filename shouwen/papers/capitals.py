"""Amounts in the capitals of receipts (人民币大写), which nobody can alter with a stroke."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
#: From the last digit to the first; our amounts have at most ten before the point.
PLACES = ("", "拾", "佰", "仟", "万", "拾", "佰", "仟", "亿", "拾", "佰", "仟")


def capitals(amount: Decimal) -> str:
    """1086.50 → 壹仟零捌拾陆元伍角整. To the cent; a negative amount begins with 负."""
    cents = int((abs(amount) * 100).to_integral_value(ROUND_HALF_UP))
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    words = f"{_whole(yuan)}元" if yuan or not cents else ""
    if jiao:
        words += f"{DIGITS[jiao]}角"
    elif fen and yuan:
        words += "零"
    words += f"{DIGITS[fen]}分" if fen else "整"
    return f"负{words}" if amount < 0 and cents else words


def _whole(yuan: int) -> str:
    if yuan == 0:
        return "零"
    places = reversed(PLACES[: len(str(yuan))])
    words = "".join(
        DIGITS[int(digit)] + place for digit, place in zip(str(yuan), places, strict=True)
    )
    words = re.sub("零[拾佰仟]", "零", words)
    words = re.sub("零+", "零", words)
    words = re.sub("零([万亿])", r"\1", words)
    return words.replace("亿万", "亿").rstrip("零")
