"""Acts about a case, or about nothing yet: what an inspector does too."""

from __future__ import annotations

from shouwen.cases.actions.contacting import contact_customer
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.actions.working import note
from shouwen.cases.models import Attachment
from shouwen.phone import said
from shouwen.phone.doing import Doing
from shouwen.phone.queries import on_the_phone
from shouwen.rules.refused import Refused


def write_note(doing: Doing, data: said.Words) -> None:
    entry = note(case=doing.case, text=data.text, **doing.when)
    files = doing.hang(data.files)
    Attachment.objects.filter(pk__in=[file.pk for file in files]).update(entry=entry)


def contact(doing: Doing, data: said.Contacted) -> None:
    contact_customer(
        case=doing.case, text=data.text, reached=data.reached, said_by=data.said_by, **doing.when
    )


def report(doing: Doing, data: said.Reported) -> None:
    """Found on a round: who finds it is the first who heard of it."""
    if doing.project is None:
        raise Refused("not-a-project", "您没有在任何项目任职，请联系系统管理员。")
    told = Told(
        text=data.text, address=data.address, source="patrol",
        facts={} if data.urgent is None else {"urgent": data.urgent},
        heard_by=doing.by.staff.name,
    )  # fmt: skip
    case = register(project=doing.project, told=told, **doing.when)
    doing.hang(data.files, case)


def dismiss(doing: Doing, data: said.Dismissed) -> None:
    """Read and put away on the phone; on the desk's list it stays."""
    on_the_phone(doing.by.staff).filter(key=data.conflict).update(seen_at=doing.happened)
