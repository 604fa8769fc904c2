"""What the parts of the export share: how rows are read, and what stands for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from shouwen.accounts.models import OrgUnit, Staff
from shouwen.adoption.models import PinnedRulebook, RegulationEdition

#: Rows read at a time.
CHUNK = 500
Line = dict[str, Any]


class Codes:
    """What stands for a row of a small table, read once: codes of units, numbers of people, the
    regulations of a rulebook."""

    def __init__(self) -> None:
        self.unit: dict[int | None, str] = {None: ""} | _pairs(OrgUnit, "code")
        self.staff: dict[int | None, str] = {None: ""} | _pairs(Staff, "number")
        regulation = _pairs(RegulationEdition, "regulation")
        self.rulebook = {
            pk: [*(regulation[edition] for edition, _tightened in editions), "defaults"]
            for pk, editions in _pairs(PinnedRulebook, "editions").items()
        }


def _pairs(model: Any, name: str) -> dict[int, Any]:
    return dict(model.objects.values_list("pk", name))


def read(rows: QuerySet[Any]) -> Iterator[Any]:
    """In the order of their ids, bit by bit."""
    return rows.order_by("pk").iterator(chunk_size=CHUNK)


def day(value: Any) -> str:
    return value.isoformat() if value else ""
