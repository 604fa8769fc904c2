"""What this database says of every record, and what `scripts/recompute-figures` makes of it in a
process of its own."""

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from shouwen.figures.actions.keeping import keep, look_at_months
from shouwen.figures.counting import outcome
from shouwen.figures.exporting import export
from shouwen.figures.models import Verdict

SCRIPT = Path(__file__).parents[3] / "scripts" / "recompute-figures"


def recomputed(folder: Path, at: datetime, *words: str) -> list[list[str]]:
    """The lines that it prints, each in its columns."""
    path = folder / "journal.ndjson"
    with path.open("w", encoding="utf-8") as file:
        export(file, at=at)
    # -I: nothing of ours can be imported, wherever it lies.
    command = [sys.executable, "-I", str(SCRIPT), str(path), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


def kept(at: datetime) -> set[tuple[str, ...]]:
    """Every verdict as it would count at a moment, if no month were locked."""
    while keep(at=at):
        pass
    look_at_months(at=at)
    rows = Verdict.objects.annotate(counted=outcome(at)).select_related("project")
    return {
        (row.measure, row.record, row.project.code, row.on.isoformat(), found)
        for row in rows
        if (found := row.later or row.counted)
    }


def differences(
    ours: set[tuple[str, ...]], folder: Path, at: datetime, *, by_days: bool = True
) -> list[tuple[str, ...]]:
    """What only one of the two says, marked with whose it is. What is owed by days is kept from the
    last month on only: earlier months nobody has looked at."""
    since = (at.date().replace(day=1) - timedelta(days=1)).replace(day=1).isoformat()

    def compared(line: tuple[str, ...]) -> bool:
        return not line[1].startswith(("duty:", "home:")) or (by_days and line[3] >= since)

    theirs = set(map(tuple, recomputed(folder, at, "--records")))
    only = [("ours", *line) for line in ours - theirs if compared(line)]
    return sorted(only + [("theirs", *line) for line in theirs - ours if compared(line)])
