"""Telephone numbers: as they are kept, and as they are shown."""

import re
import unicodedata

_PUNCTUATION = re.compile(r"[\s\-–—_.·()+]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_HOME = re.compile(r"(?:0086|86)(?=1[3-9]\d{9}$|0?[1-9]\d{8,10}$)")


def digits(text: str) -> str | None:
    """The number alone, without +86, spaces, hyphens, full width. None when it holds anything else.

    Numbers from abroad keep the code of their country.
    """
    number = _PUNCTUATION.sub("", unicodedata.normalize("NFKC", text))
    if not (number.isascii() and number.isdigit()):
        return None
    return _without_country(number) if text.strip() else None


def _without_country(number: str) -> str:
    shorter = _HOME.sub("", number, count=1)
    if shorter == number or shorter.startswith("0") or _MOBILE.fullmatch(shorter):
        return shorter
    return f"0{shorter}"  # +86 571 … is 0571 …


def mask_phone(number: str) -> str:
    """139 **** 0421; of a short number nearly nothing is shown."""
    plain = digits(number) or ""
    if re.fullmatch(r"1\d{10}", plain):
        return f"{plain[:3]} **** {plain[-4:]}"
    if re.fullmatch(r"0\d{9,11}", plain):
        area = plain[:3] if plain[1] in "12" else plain[:4]
        return f"{area} **** {plain[-4:]}"
    if len(plain) >= 10:
        return f"{plain[:2]} **** {plain[-4:]}"
    if len(plain) >= 7:
        return f"**** {plain[-3:]}"
    return "****" if number else ""
