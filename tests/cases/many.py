"""Cases by the thousand, put straight into the tables: for lists, searches and exports."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection

from shouwen.adoption.actions import pin
from shouwen.cases.models import Case, Commitment, Contact
from tests.cases.conftest import MORNING
from tests.cast import Cast

#: From so many rows on, plans matter.
MANY = 5_000


def cases_like(cast: Cast, texts: Sequence[str], **fields: Any) -> list[Case]:
    """A case for each text, a second apart; they come from one contact."""
    place = {"project": cast.cuihu, "company": cast.jinxiu, "group": cast.group}
    contact = Contact.objects.create(
        number=f"L{Contact.objects.count()}", at=MORNING, recorded_at=MORNING,
        received_by=cast.limin, text="见各件", **place,
    )  # fmt: skip
    base = {
        "owner": cast.limin, "source": "phone", "kind": "repair", "contact": contact,
        "rulebook": pin(cast.cuihu, MORNING), "calendar": cast.calendar, **place, **fields,
    }  # fmt: skip
    first = Case.objects.count()
    made = Case.objects.bulk_create(
        (
            Case(
                number=f"T-{first + n:06}", title=" ".join(text.split())[:40], text=text,
                opened_at=MORNING + timedelta(seconds=n), **base,
            )
            for n, text in enumerate(texts)
        ),
        batch_size=2000,
    )  # fmt: skip
    if len(made) > MANY and connection.vendor == "postgresql":
        analyze()
    return made


def analyze() -> None:
    """What a database does by itself after a while: it counts, and plans by it. Without it,
    PostgreSQL held every row of a new table against every other."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def promises_of(cases: Sequence[Case], **fields: Any) -> list[Commitment]:
    """A promise for each case, due an hour after it was opened."""
    kind = {
        "key": "contact", "rule": "repair-first-contact", "regulation": "customer-communication",
        "title": "联系客户", "clause": "4.4.2b",
    }  # fmt: skip
    return Commitment.objects.bulk_create(
        (Commitment(**{**kind, **_usual(case), **fields}) for case in cases), batch_size=2000
    )


def _usual(case: Case) -> dict[str, Any]:
    return {
        "case": case, "project": case.project, "company": case.company, "group": case.group,
        "holder": case.owner, "started_at": case.opened_at,
        "due_at": case.opened_at + timedelta(hours=1),
    }  # fmt: skip
