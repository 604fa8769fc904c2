"""Printing a sheet, and taking the signed one back. Both are on record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from shouwen.accounts.actions import disclose
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.working import note
from shouwen.cases.files import Kept, attach_kept, path_of
from shouwen.cases.models import Attachment, Case
from shouwen.estate.queries import place_of
from shouwen.papers.heads import head_of
from shouwen.papers.kinds import source_of
from shouwen.papers.models import Print, Scan
from shouwen.papers.scans import Found, read
from shouwen.papers.sheet import render
from shouwen.papers.sources import Source
from shouwen.rules.refused import Refused


def print_sheet(*, kind: str, source: Source, address: str, by: Scope, at: datetime) -> bytes:
    """The PDF, and the line that says who had it made. A whole phone number on it counts as looked
    up."""
    head = head_of(source, by=by.staff, at=at, address=address)
    pdf = render(source.fill(head))
    with transaction.atomic():
        Print.objects.create(
            **place_of(source.project), kind=kind, record=source.record, title=head.title,
            form=head.form, copies=len(head.copies), case=source.case, by=by.staff, at=at,
        )  # fmt: skip
        if source.unmasked and source.case:
            disclose(
                by=by.staff, at=at, record="case", record_id=source.case.pk,
                project=source.project, purpose=f"打印{head.title}",
            )  # fmt: skip
    return pdf


def take_back(*, kept: Kept, by: Scope, at: datetime) -> list[Scan]:
    """A signed sheet is back: its code says whose it is. The picture hangs on the entry that the
    journal of its case gets."""
    sheets = read(path_of(kept.sha256).read_bytes())
    source = source_of(by, sheets[0].kind, sheets[0].record)
    if source.case is None:
        raise Refused(
            "no-case",
            f"{source.form.title} {source.record} 不属于任何诉求，请存入纸质档案。",
            field="scan",
        )
    by.require("case.work", source.project)
    _require_new(kept, sheets)
    with transaction.atomic():
        attachment = _attach(kept, source, source.case, sheets, by, at)
        return [_keep(attachment, source, source.case, sheet, by, at) for sheet in sheets]


def _require_new(kept: Kept, sheets: Sequence[Found]) -> None:
    same = Scan.objects.filter(attachment__sha256=kept.sha256, record=sheets[0].record)
    if same.exists():
        raise Refused("already-back", "这份扫描件已经收过了，不用再传。", field="scan")


def _attach(
    kept: Kept, source: Source, case: Case, sheets: Sequence[Found], by: Scope, at: datetime
) -> Attachment:
    """Told by the record itself where that means more to it, else as a plain note."""
    told = [source.take_back(sheet.copy, by, at) for sheet in sheets if source.take_back]
    if not any(told):
        copies = "、".join(f"第{sheet.copy}联" for sheet in sheets)
        words = f"收回签字的{source.form.title} {source.record} {copies}（扫描件）"
        note(case=case, by=by, at=at, text=words, signed=True)
    entry = case.journal.order_by("-seq").first()
    return attach_kept(kept=kept, by=by, at=at, case=case, entry=entry)


def _keep(
    attachment: Attachment, source: Source, case: Case, sheet: Found, by: Scope, at: datetime
) -> Scan:
    return Scan.objects.create(
        **place_of(source.project), kind=sheet.kind, record=source.record, copy=sheet.copy,
        title=source.form.title, case=case, attachment=attachment, by=by.staff, at=at,
    )  # fmt: skip
