"""`shouwen journal export`: figures are counted from what it writes."""

from __future__ import annotations

from pathlib import Path

import click

from shouwen import clock
from shouwen.figures.exporting import export


@click.command(
    "export", help="导出计算指标所依据的全部记录（每行一个 JSON，不含客户姓名、电话和原话）"
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def journal_export(file: Path) -> None:
    """Prints how many lines it wrote."""
    with file.open("w", encoding="utf-8") as target:
        count = export(target, at=clock.now())
    click.echo(f"{count} lines")
