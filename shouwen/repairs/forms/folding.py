"""Forms whose seldom wanted fields stand folded up."""

from typing import ClassVar

from django import forms


class Folding(forms.Form):
    extras: ClassVar[tuple[str, ...]] = ()
    """Fields that are seldom wanted."""

    @property
    def main_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self.visible_fields() if bound.name not in self.extras]

    @property
    def extra_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self.visible_fields() if bound.name in self.extras]

    @property
    def extra_errors(self) -> bool:
        return any(bound.errors for bound in self.extra_fields)

    @property
    def extras_title(self) -> str:
        return " · ".join(str(bound.label) for bound in self.extra_fields)
