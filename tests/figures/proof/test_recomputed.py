"""An independent program counts the same, to the record."""

from datetime import datetime
from pathlib import Path

from shouwen.figures.actions.keeping import keep
from shouwen.figures.counting import outcome
from shouwen.figures.models import Verdict
from tests.cast import Cast
from tests.figures.proof.month import AFTERWARDS
from tests.figures.proof.recomputed import recomputed


def kept(at: datetime) -> set[tuple[str, ...]]:
    """Every verdict as it counts at a moment."""
    while keep(at=at):
        pass
    rows = Verdict.objects.annotate(counted=outcome(at)).exclude(counted="")
    return {
        (row.measure, row.record, row.project.code, row.on.isoformat(), row.counted)
        for row in rows.select_related("project")
    }


def test_every_record_is_judged_alike(cast: Cast, tmp_path: Path) -> None:
    ours = kept(AFTERWARDS)
    theirs = {tuple(line) for line in recomputed(tmp_path, AFTERWARDS, "--records")}
    assert {line[4] for line in ours} == {"hit", "miss", "open", "out"}
    assert ours == theirs
