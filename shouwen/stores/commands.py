"""`shouwen import materials …`"""

from __future__ import annotations

from pathlib import Path

import click

from shouwen import clock
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.stores.importing import check, take, write_errors


@click.command("materials", help="导入物料的工作簿：先检查，确认后一次导入")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--project", "place", required=True, help="项目的代码")
@click.option("--yes", is_flag=True, help="不再询问，检查后直接导入")
@click.option(
    "--by", "username", default="", help="以谁的名义（登录名）；默认是可以维护物料的第一人"
)
@click.option(
    "--errors", type=click.Path(dir_okay=False, path_type=Path), help="有错的行写到这个文件"
)
def materials(file: Path, place: str, yes: bool, username: str, errors: Path | None) -> None:
    project = _project(place)
    by = _keeper(project, username)
    found = check(file, project)
    click.echo(
        f"新增 {len(found.new)}，更新 {len(found.changed)}，不变 {found.same}，"
        f"有错 {found.bad_rows} 行；{found.stocked} 种带期初库存"
    )
    for bad in found.bad:
        click.echo(f"  第 {bad.number} 行 {bad.column}：{bad.what}。{bad.fix}", err=True)
    if errors and found.bad:
        write_errors(found, errors)
        click.echo(f"有错的行写在 {errors}，改好后可以直接导入。")
    if found.does_something and (yes or click.confirm("现在导入吗？", default=False, err=True)):
        found = take(file, project, by, clock.now())
        click.echo("已导入。", err=True)
    click.echo(found.line())


def _project(code: str) -> OrgUnit:
    projects = OrgUnit.objects.filter(kind=OrgUnit.Kind.PROJECT)
    found = projects.select_related("company", "group").filter(code=code).first()
    if found is None:
        raise click.ClickException(
            f"没有代码为 {code} 的项目；用 shouwen org list --kind project 查看。"
        )
    return found


def _keeper(project: OrgUnit, username: str) -> Scope:
    """Who is written down as having imported: who was named, else the first who may."""
    people = Staff.objects.filter(is_active=True).order_by("pk")
    if username:
        people = people.filter(username__iexact=username)
    scopes = (scope_of(person, clock.now()) for person in people)
    found = next((scope for scope in scopes if scope.can("stores.manage", project)), None)
    if found is None:
        raise click.ClickException("没有这样一个可以维护物料的人；用 --by 指定登录名。")
    return found
