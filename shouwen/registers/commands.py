"""`shouwen import calls …`"""

from __future__ import annotations

from pathlib import Path

import click

from shouwen import clock
from shouwen.cases.commands import importer, project_named
from shouwen.registers.actions.calling import take_in


@click.command("calls", help="导入电话交换机的通话记录（FreeSWITCH 的 CSV）")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--project", "place", required=True, help="项目的编号、代码或名称")
@click.option("--hotline", "hotlines", multiple=True, help="服务热线的被叫号码，可多次")
@click.option("--by", "username", default="", help="以谁的名义（登录名）")
def calls(file: Path, place: str, hotlines: tuple[str, ...], username: str) -> None:
    """Prints what is wrong with each rejected row, and last
    `rows R, imported I, already there A, rejected E` with R = I + A + E."""
    now, project = clock.now(), project_named(place)
    by = importer(project, username, now)
    outcome = take_in(file, project=project, hotlines=hotlines, by=by, at=now)
    for number, _column, problem, _cells in outcome.rejected:
        click.echo(f"第 {number} 行：{problem}")
    click.echo(outcome.line())
