"""What `scripts/recompute-figures` makes of this database, in a process of its own."""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

from shouwen.figures.exporting import export

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
