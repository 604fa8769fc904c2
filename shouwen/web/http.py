"""What every app's `api.py` shares: types of what is sent, pages by cursor, and versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from django.core.signing import BadSignature, dumps, loads
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from ninja import Path, Query, Schema
from pydantic import BeforeValidator, ConfigDict, StringConstraints, WithJsonSchema

from shouwen.rules.refused import Refused

M = TypeVar("M", bound=Model)
SALT = "api-cursor"

# --- What is sent ---------------------------------------------------------------------------------

#: PostgreSQL keeps no NUL; everything else that a person can type is welcome.
_NO_NUL = r"^[^\x00]*$"
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


def _moment(said: object) -> object:
    """RFC 3339 with its offset: a time without one would be eight hours wrong half of the time."""
    if isinstance(said, datetime):
        return said
    if not isinstance(said, str):
        raise ValueError("not a moment")  # noqa: TRY004 - pydantic collects ValueErrors only
    at = datetime.fromisoformat(said)
    if at.tzinfo is None or not _EARLIEST <= at <= _LATEST:
        raise ValueError("not a moment")
    return at.astimezone(UTC)


Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Text = Annotated[str, StringConstraints(max_length=10_000, pattern=_NO_NUL)]
Short = Annotated[str, StringConstraints(max_length=200, pattern=_NO_NUL)]
Name = Annotated[str, StringConstraints(max_length=60, pattern=_NO_NUL)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_NO_NUL)]
#: A number that we gave to a contact or case, in an address.
Number = Annotated[str, Path(max_length=60, pattern=r"^[^\x00/]+$")]
Id = Annotated[int, Path(ge=1, le=2**53)]
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str, Query(max_length=500, pattern=_NO_NUL)]


class Said(Schema):
    """The body of a request. A name that we do not know is an error and not overheard."""

    model_config = ConfigDict(extra="forbid")


# --- Pages ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Order(Generic[M]):
    """A list by one moment and the id: what is added meanwhile moves nothing that was not yet read.

    The cursor is signed, says where the last page ended, and stays right for ever.
    """

    field: str
    descending: bool = False

    def page(self, rows: QuerySet[M], cursor: str, limit: int) -> tuple[list[M], str | None]:
        """The rows after the cursor, and the cursor of the next page if there is one."""
        sign = "-" if self.descending else ""
        rows = rows.filter(**{f"{self.field}__isnull": False})
        if cursor:
            rows = rows.filter(self._after(cursor))
        found = list(rows.order_by(f"{sign}{self.field}", f"{sign}pk")[: limit + 1])
        shown = found[:limit]
        return shown, self._cursor(shown[-1]) if len(found) > limit else None

    def _cursor(self, last: M) -> str:
        return dumps([self.field, getattr(last, self.field).isoformat(), last.pk], salt=SALT)

    def _after(self, cursor: str) -> Q:
        at, pk = self._read(cursor)
        beyond = "lt" if self.descending else "gt"
        return Q(**{f"{self.field}__{beyond}": at}) | Q(**{self.field: at, f"pk__{beyond}": pk})

    def _read(self, cursor: str) -> tuple[datetime, int]:
        try:
            field, at, pk = loads(cursor, salt=SALT)
        except BadSignature:
            raise _no_cursor() from None
        if field != self.field:
            raise _no_cursor()
        return datetime.fromisoformat(at), pk


def _no_cursor() -> Refused:
    return Refused("bad-cursor", "游标不对，请从第一页读起。", field="cursor")


# --- Versions -------------------------------------------------------------------------------------


class Stale(Refused):
    """`changed-meanwhile`, with the version that the caller should look at first."""

    def __init__(self, refused: Refused, version: int) -> None:
        super().__init__(refused.code, refused.sentence)
        self.version = version


def etag(version: int) -> str:
    return f'"{version}"'


def version_seen(request: HttpRequest) -> int | None:
    """What `If-Match` names; nothing without the header or with `*`, -1 for what we never gave."""
    said = request.headers.get("If-Match", "*").strip()
    if said == "*":
        return None
    number = said.removeprefix('"').removesuffix('"')
    ours = number.isdecimal() and len(number) < 10 and said == etag(int(number))
    return int(number) if ours else -1


def extra(right: str, **more: Any) -> dict[str, Any]:
    """For the description of an operation: the right that it needs, empty for any caller."""
    return {"x-right": right, **more}
