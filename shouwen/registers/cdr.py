"""Call records of a telephone exchange, as FreeSWITCH writes them (mod_cdr_csv)."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.timezone import get_current_timezone

from shouwen.cases.importing.table import encoding_of

#: The columns in the order of the exchange, for a file without headings.
COLUMNS = (
    "caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp",
    "answer_stamp", "end_stamp", "duration", "billsec", "hangup_cause", "uuid", "bleg_uuid",
    "accountcode", "read_codec", "write_codec",
)  # fmt: skip
#: The other leg of a call: the exchange itself rings an extension.
OUTBOUND = "Outbound Call"
_STAMPS = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M")


@dataclass(frozen=True)
class Line:
    """One call as it was written down."""

    key: str
    inbound: bool
    caller: str
    called: str
    at: datetime
    answered_at: datetime | None
    ended_at: datetime
    cause: str


def read(path: Path) -> Iterator[tuple[int, dict[str, str], Line | str]]:
    """(row number, its cells, the call or what is wrong with it)."""
    with path.open(encoding=encoding_of(path), newline="") as file:
        names: tuple[str, ...] = COLUMNS
        for number, cells in enumerate(csv.reader(file), start=1):
            if number == 1 and "uuid" in cells:
                names = tuple(cells)
                continue
            row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
            if any(row.values()):
                yield number, row, _line(row)


def _line(row: dict[str, str]) -> Line | str:
    """The stamps may know minutes only: how long it rang and was talked stands in seconds."""
    try:
        at = _moment(row["start_stamp"])
        whole, talked = (timedelta(seconds=int(row[name])) for name in ("duration", "billsec"))
    except KeyError as missing:
        return f"缺少 {missing.args[0]}"
    except ValueError as error:
        return str(error)
    if not row.get("uuid"):
        return "缺少 uuid"
    if not timedelta(0) <= talked <= whole:
        return "通话时长不对"
    answered = bool(row.get("answer_stamp"))
    return Line(
        key=row["uuid"][:64],
        inbound=row["caller_id_name"] != OUTBOUND,
        caller=row["caller_id_number"][:40],
        called=row["destination_number"][:40],
        at=at,
        answered_at=at + whole - talked if answered else None,
        ended_at=at + whole,
        cause=row.get("hangup_cause", "")[:40],
    )


def _moment(text: str) -> datetime:
    for shape in _STAMPS:
        try:
            return datetime.strptime(text, shape).replace(tzinfo=get_current_timezone())
        except ValueError:
            continue
    raise ValueError(f"看不懂的时间：{text or '（空）'}")
