"""How each kind of record becomes known to the measures.

What follows a case is judged anew whenever something happens to the case (`knowing.OF_A_CASE`). All
else belongs to a project and a stretch of days, and is looked at in these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from shouwen.accounts.models import OrgUnit
from shouwen.figures import calls, duties, filled, homes
from shouwen.figures.knowing import Subject
from shouwen.rules.figure_kinds import RecordKind
from shouwen.rules.periods import Period

#: Every record of this kind that counts in a month at a project, as it stands at a moment. A record
#: says by its `record` which it is ("duty:17:2026-W48"); asked again, it says the same.
OF_A_MONTH: dict[RecordKind, Callable[[OrgUnit, Period, datetime], Iterable[Subject]]] = {
    "call": calls.of_month,
    "duty": duties.of_month,
    "home": homes.of_month,
    "record": filled.of_month,
}
