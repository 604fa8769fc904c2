"""One import from the upload to the end: checked, shown, confirmed, applied; by page or by worker.

Whoever works on a run holds its lease, renewed as it goes, and the fence that the lease gave. Who
takes over after a crash changes the fence, and what the first still does then comes to nothing.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet

from shouwen import clock
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.estate.importing.applying import apply
from shouwen.estate.importing.checking import Progress, check
from shouwen.estate.importing.comparing import compare, settle
from shouwen.estate.importing.sheets import write_errors
from shouwen.estate.importing.stage import Stage
from shouwen.estate.models import ImportRun
from shouwen.estate.queries import place_of
from shouwen.rules.refused import Refused

LEASE = timedelta(minutes=2)
LONG_LEASE = timedelta(minutes=30)  # applying is one transaction: nobody could see it renewed
State = ImportRun.State


def nothing(seen: int, about: int) -> None:
    """Tells nobody."""


# --- what people do -------------------------------------------------------------------------------


def start(
    *, by: Scope, project: OrgUnit, name: str, content: Iterable[bytes], at: datetime
) -> ImportRun:
    """Keep the file and queue it for checking."""
    by.require("estate.import", project)
    folder = Path("imports") / f"{at:%Y%m%d}-{secrets.token_hex(8)}"
    path = folder / "source.xlsx"
    (_root() / folder).mkdir(parents=True, exist_ok=True)
    with (_root() / path).open("wb") as file:
        for chunk in content:
            file.write(chunk)
    return ImportRun.objects.create(
        **place_of(project),
        by=by.staff, at=at,
        name=re.sub(r"[\x00-\x1f/\\]", "", name)[-200:], file=str(path),
    )  # fmt: skip


def confirm(*, run: ImportRun, by: Scope) -> None:
    """Let the checked workbook be applied."""
    by.require("estate.import", run.project)
    changed = ImportRun.objects.filter(pk=run.pk, state=State.CHECKED).update(
        state=State.CONFIRMED, claimed_until=None, message=""
    )
    if not changed:
        raise Refused("not-checked", "这次导入不在待确认的状态，请刷新页面看它现在怎样。")
    run.refresh_from_db()


def cancel(*, run: ImportRun, by: Scope, at: datetime) -> None:
    """Give an import up before it is applied. The file is removed."""
    by.require("estate.import", run.project)
    changed = ImportRun.objects.filter(pk=run.pk, state__in=[State.WAITING, State.CHECKED]).update(
        state=State.FAILED, finished_at=at, message="已取消，没有导入任何一行。"
    )
    if not changed:
        raise Refused("not-waiting", "正在处理或已经结束，不能取消了。请刷新页面看结果。")
    shutil.rmtree((_root() / run.file).parent, ignore_errors=True)
    run.refresh_from_db()


# --- doing it -------------------------------------------------------------------------------------


def claim_and_run(at: datetime) -> bool:
    """Do the next step of the oldest run that waits or was left behind. False: there is none."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=at)
    waiting = ImportRun.objects.filter(
        free, state__in=[State.WAITING, State.CHECKING, State.CONFIRMED, State.APPLYING]
    )
    run = waiting.order_by("pk").first()
    if run is None:
        return False
    run_now(run, at)
    return True


def run_now(run: ImportRun, at: datetime, progress: Progress = nothing) -> None:
    """Do the next step of a run, unless somebody else is at it."""
    fence = secrets.token_hex(16)
    free = Q(claimed_until=None) | Q(claimed_until__lt=at)
    for before, during, step in (
        ((State.WAITING, State.CHECKING), State.CHECKING, _check),
        ((State.CONFIRMED, State.APPLYING), State.APPLYING, _apply),
    ):
        until = at + (LEASE if step is _check else LONG_LEASE)
        claimed = ImportRun.objects.filter(free, pk=run.pk, state__in=before).update(
            state=during, fence=fence, claimed_until=until
        )
        if claimed:
            run.refresh_from_db()
            _guarded(run, step, progress)
            break
    run.refresh_from_db()


def _guarded(
    run: ImportRun, step: Callable[[ImportRun, Progress], None], progress: Progress
) -> None:
    """Run a step; what ends it is written on the run, for the person who waits for it."""
    try:
        step(run, progress)
    except Refused as refused:
        _finish(run, State.FAILED, refused.sentence)
    except DatabaseError:
        _finish(
            run,
            State.FAILED,
            "数据库没有接受其中一行，整个文件都没有导入。请重新上传；仍不行请告诉管理员。",
        )


def _check(run: ImportRun, progress: Progress) -> None:
    def tell(seen: int, about: int) -> None:
        _renew(run, seen, about)
        progress(seen, about)

    folder = (_root() / run.file).parent
    with Stage(folder / "stage.sqlite3", fresh=True) as stage:
        found = check(_root() / run.file, stage, tell)
        settle(stage)
        compare(stage, run.project)
        errors = write_errors(stage, folder / "errors.xlsx")
        counts = _counts(stage) | {"skipped": list(found.skipped)}
    _mine(run).update(
        state=State.CHECKED, claimed_until=None, rows=found.rows, seen=found.rows, counts=counts,
        errors=errors, error_file=str(Path(run.file).with_name("errors.xlsx")) if errors else "",
    )  # fmt: skip


def _apply(run: ImportRun, progress: Progress) -> None:
    """All or nothing. What is known may have changed since the check: it is compared again."""
    folder = (_root() / run.file).parent
    with transaction.atomic():
        held = _mine(run).select_for_update().first()
        OrgUnit.objects.select_for_update().get(
            pk=run.project_id
        )  # one import of a project at a time
        if held is None:
            raise _lost()
        with Stage(folder / "stage.sqlite3") as stage:
            compare(stage, run.project)
            apply(stage, run.project)
            counts = {**run.counts, **_counts(stage)}
            errors = stage.count("rows WHERE rejected")
        _mine(run).update(
            state=State.DONE,
            counts=counts,
            errors=errors,
            finished_at=clock.now(),
            claimed_until=None,
        )
    (folder / "stage.sqlite3").unlink(missing_ok=True)
    progress(run.rows, run.rows)


def _counts(stage: Stage) -> dict[str, object]:
    return {kind: asdict(counts) for kind, counts in stage.counts().items()}


def _renew(run: ImportRun, seen: int, about: int) -> None:
    renewed = _mine(run).update(seen=seen, rows=about, claimed_until=clock.now() + LEASE)
    if not renewed:
        raise _lost()


def _lost() -> Refused:
    return Refused("lost-lease", "这次导入已由另一个进程接手。")


def _finish(run: ImportRun, state: str, message: str) -> None:
    _mine(run).update(
        state=state, message=message[:300], claimed_until=None, finished_at=clock.now()
    )


def _mine(run: ImportRun) -> QuerySet[ImportRun]:
    """The run, as long as nobody else has taken it over."""
    return ImportRun.objects.filter(pk=run.pk, fence=run.fence)


def _root() -> Path:
    return Path(settings.MEDIA_ROOT)
