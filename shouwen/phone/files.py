"""Photos and signatures come before the act that speaks of them, each as often as it takes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope
from shouwen.cases.files import Kept, attach_kept, keep, label_of
from shouwen.cases.models import Attachment, Case, JournalEntry
from shouwen.phone.models import PhoneFile
from shouwen.rules.refused import Refused


def cut() -> Refused:
    """The phone sends it again by itself."""
    return Refused("file-cut", "照片没有传完整，会自动重传。", field="file")


def receive(*, upload: UploadedFile[Any], sha256: str, by: Scope, at: datetime) -> PhoneFile:
    """Takes a file in, whole or not at all: what a lost signal cut short has another hash. What is
    whole but cannot be kept is remembered with its refusal: to send it again would not help."""
    known = PhoneFile.objects.filter(staff=by.staff, sha256=sha256).first()
    if known:
        return known
    if hashlib.sha256(upload.read()).hexdigest() != sha256:
        raise cut()
    found, _ = PhoneFile.objects.get_or_create(
        staff=by.staff, sha256=sha256, defaults={"at": at, **_kept(upload)}
    )
    return found


def _kept(upload: UploadedFile[Any]) -> dict[str, Any]:
    try:
        kept = keep(upload)
    except Refused as refused:
        return {"label": label_of(upload.name or ""), "refusal": refused.sentence[:300]}
    return {
        "label": kept.label,
        "kept_sha256": kept.sha256,
        "size": kept.size,
        "media_type": kept.media_type,
    }


def missing(staff: Staff, hashes: Sequence[str]) -> list[str]:
    """Which of these have not arrived from this person's phones."""
    here = set(
        PhoneFile.objects.filter(staff=staff, sha256__in=hashes).values_list("sha256", flat=True)
    )
    return [sha256 for sha256 in hashes if sha256 not in here]


def hang(
    *,
    sha256: str,
    case: Case,
    by: Scope,
    at: datetime,
    entry: JournalEntry | None = None,
    label: str = "",
) -> Attachment:
    """Hangs a file that has arrived on a case."""
    file = PhoneFile.objects.get(staff=by.staff, sha256=sha256)
    if file.refusal:
        raise Refused("file-refused", file.refusal, field="files")
    kept = Kept(label or file.label, file.kept_sha256, file.size, file.media_type)
    return attach_kept(kept=kept, by=by, at=at, case=case, entry=entry)
