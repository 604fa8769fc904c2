"""The one way to say no."""

from dataclasses import dataclass


@dataclass(eq=False)
class Refused(Exception):
    """An act that the rules do not allow.

    `code` is for programs and never changes. `sentence` is Chinese, for the person who tried, and
    says what to do instead. `clause` is the clause that forbids it, as the regulation numbers it
    ("4.4.1c"), empty where the product itself forbids it. `field` is the form field at fault.
    """

    code: str
    sentence: str
    clause: str = ""
    field: str = ""

    def __str__(self) -> str:
        return f"{self.sentence}（{self.clause}）" if self.clause else self.sentence
