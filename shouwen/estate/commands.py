"""`shouwen import estate …`, `shouwen import template …`, `shouwen estate …`"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from django.conf import settings

from shouwen import clock
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.estate import importing
from shouwen.estate.address_check import check_addresses
from shouwen.estate.importing.sheets import write_template
from shouwen.estate.models import ImportRun

NAMES = {"buildings": "楼栋", "units": "房屋", "customers": "客户", "occupancies": "入住关系"}
CHUNK = 1024 * 1024


@click.group("import", help="导入数据")
def import_() -> None:
    """Commands that take data in. Other floors add theirs."""


@click.group(help="房屋与客户")
def estate() -> None:
    """Commands about the estate."""


estate.add_command(check_addresses)


@import_.command("template", help="写出一份空白的房屋与客户模板")
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def template(file: Path) -> None:
    write_template(file)
    click.echo(f"模板已写到 {file}")


@import_.command("estate", help="导入房屋与客户的工作簿：先检查，确认后一次导入")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--project",
    "place",
    required=True,
    help="项目的代码或编号（见 shouwen org list --kind project）",
)
@click.option("--yes", is_flag=True, help="不再询问，检查后直接导入")
@click.option("--by", "username", help="以谁的名义（登录名）；默认是有导入权限的第一个人")
@click.option(
    "--errors", type=click.Path(dir_okay=False, path_type=Path), help="有错的行写到这个文件"
)
def estate_(file: Path, place: str, yes: bool, username: str | None, errors: Path | None) -> None:
    at = clock.now()
    project = _project(place)
    by = _scope(project, username, at)
    run = importing.start(by=by, project=project, name=file.name, content=_chunks(file), at=at)
    click.echo(f"检查 {file.name}，导入到 {project.name}", err=True)
    importing.run_now(run, at, _progress)
    _stop_if_failed(run)
    _preview(run, errors)
    if yes or click.confirm("现在导入吗？", default=False, err=True):
        click.echo("正在写入，一次写完……", err=True)
        importing.confirm(run=run, by=by)
        importing.run_now(run, clock.now())
        _stop_if_failed(run)
        click.echo("已导入。", err=True)
    else:
        importing.cancel(run=run, by=by, at=clock.now())
        click.echo("没有导入。", err=True)
    click.echo(_last_line(run))


def _project(text: str) -> OrgUnit:
    projects = OrgUnit.objects.filter(kind=OrgUnit.Kind.PROJECT).select_related("company", "group")
    found = projects.filter(code=text).first()
    if found is None and text.isdigit():
        found = projects.filter(pk=int(text)).first()
    if found is None:
        raise click.ClickException(
            f"没有代码或编号为 {text} 的项目；用 shouwen org list --kind project 查看。"
        )
    return found


def _scope(project: OrgUnit, username: str | None, at: datetime) -> Scope:
    """Who is written down as having imported: who was named, else the first who may."""
    people = Staff.objects.filter(is_active=True).order_by("pk")
    if username:
        people = people.filter(username__iexact=username)
    for staff in people:
        scope = scope_of(staff, at)
        if scope.can("estate.import", project):
            return scope
    raise click.ClickException("没有这样一个有导入权限的人；用 --by 指定登录名。")


def _chunks(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


def _progress(seen: int, about: int) -> None:
    click.echo(f"  {seen} / {about} 行", err=True)


def _stop_if_failed(run: ImportRun) -> None:
    if run.state == ImportRun.State.FAILED:
        raise click.ClickException(run.message)
    if run.state not in (ImportRun.State.CHECKED, ImportRun.State.DONE):
        raise click.ClickException("另一个进程正在处理这次导入，请到导入页看结果。")


def _preview(run: ImportRun, errors: Path | None) -> None:
    for kind, name in NAMES.items():
        counts: dict[str, Any] = run.counts[kind]
        click.echo(f"{name}：新增 {counts['new']}，更新 {counts['changed']}，不变 {counts['same']}")
    if run.counts["skipped"]:
        click.echo(f"没有导入的工作表：{'、'.join(run.counts['skipped'])}")
    if run.errors:
        sheet = Path(settings.MEDIA_ROOT) / run.error_file
        if errors:
            shutil.copyfile(sheet, errors)
        click.echo(
            f"{run.errors} 行有错，不会导入，原样写在 {errors or sheet}，改好后可以直接导入。"
        )


def _last_line(run: ImportRun) -> str:
    counts = run.counts["rows"]
    return (
        f"rows {run.rows}, new {counts['new']}, changed {counts['changed']}, "
        f"same {counts['same']}, rejected {run.errors}"
    )
