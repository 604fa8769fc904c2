"""One rule of a written regulation, and whether it speaks about a case.

Unknown keys are refused.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

#: What is known of a case on its axes: {"kind": "repair", "urgent": True, "source": "phone"}.
Facts = Mapping[str, str | bool]


def _as_tuple(value: Any) -> Any:
    return value if isinstance(value, (list, tuple)) else (value,)


#: One word or a list of words in TOML, always a tuple here.
Words = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
#: Axis -> accepted values. A case matches when every axis named has one of its values.
Applies = dict[str, bool | Words]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(Strict):
    """What all rules share: a name, its clause as printed, and the ids in clauses.csv that it
    keeps."""

    id: str
    title: str
    clause: str = ""
    cites: tuple[str, ...] = ()
    applies: Applies = Field(default_factory=dict)
    unless: Applies = Field(default_factory=dict)
    reading: str = ""
    """How an ambiguous sentence was read, and why."""
    product_default: bool = False
    """The clause is the document's, the value ours ("及时" as one hour): 系统默认，非制度规定."""

    def matches(self, facts: Facts) -> bool:
        """Whether this rule speaks about a case with these facts."""
        if not all_hold(self.applies, facts):
            return False
        return not self.unless or not all_hold(self.unless, facts)


def all_hold(wanted: Applies, facts: Facts) -> bool:
    """Whether every axis named has one of its values."""
    return all(_holds(accepted, facts.get(axis)) for axis, accepted in wanted.items())


def _holds(accepted: bool | tuple[str, ...], value: str | bool | None) -> bool:
    if isinstance(accepted, bool):
        return bool(value) is accepted
    return value in accepted
