"""`shouwen journal …`, `shouwen import contacts …`"""

import sys
from datetime import datetime
from pathlib import Path

import click
from django.conf import settings
from django.db.models import Q

from shouwen import clock
from shouwen.accounts.models import OrgUnit, Post, Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.cases.importing.contacts import import_contacts, write_errors
from shouwen.cases.models import Case, JournalEntry
from shouwen.cases.verifying import anchor, verify
from shouwen.estate.commands import import_


@click.group(help="过程记录")
def journal() -> None:
    """Commands about the journal."""


@journal.command("verify", help="查验过程记录是否被改动、删除、插入或调换次序")
def verify_all() -> None:
    """Prints every finding and, last, what was read; exit status 1 when there is any."""
    findings = list(verify())
    for finding in findings:
        where = f"{finding.case} 第 {finding.seq} 条" if finding.case else "存证"
        click.echo(f"{where}\t{finding.kind}\t{finding.words}")
    click.echo(
        f"{Case.objects.count()} cases, {JournalEntry.objects.count()} entries, "
        f"{len(findings)} findings"
    )
    sys.exit(1 if findings else 0)


@journal.command("anchor", help="立即存证一次")
def anchor_now() -> None:
    """Writes the day's anchor and prints its digest, to be kept elsewhere."""
    made = anchor(at=clock.now())
    click.echo(made.digest if made else "今天已经存证")


@import_.command("contacts", help="导入来件（CSV），每件按它自己的时间登记")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--project", "place", required=True, help="项目的编号、代码或名称")
@click.option(
    "--column", "chosen", multiple=True, metavar="项=列名", help="指明哪一列是什么，可多次"
)
@click.option("--by", "username", default="", help="以谁的名义（登录名）")
@click.option("--source", default="platform", help="来源", show_default=True)
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path), help="有错的行写到这里")
def contacts(
    file: Path, place: str, chosen: tuple[str, ...], username: str, source: str, errors: Path | None
) -> None:
    """Prints progress, what rang, where the error sheet is, and last
    `rows R, imported I, already there A, rejected E` with R = I + A + E."""
    now = clock.now()
    project = project_named(place)
    outcome = import_contacts(
        file, project=project, by=importer(project, username, now), now=now, source=source,
        chosen=dict(pair.split("=", 1) for pair in chosen if "=" in pair), progress=_progress,
    )  # fmt: skip
    if outcome.rejected:
        sheet = errors or _error_sheet(file, now)
        write_errors(sheet, outcome)
        click.echo(f"有问题的 {len(outcome.rejected)} 行写在 {sheet}，改好后可再导入这一份")
    click.echo(f"按原来的时间：提醒 {outcome.warned} 次，超时 {outcome.late} 项")
    click.echo(outcome.line())


def project_named(place: str) -> OrgUnit:
    """By number, code or name, as a command is told it."""
    named = Q(code=place) | Q(name=place)
    condition = named | Q(pk=int(place)) if place.isdecimal() else named
    project = OrgUnit.objects.filter(condition, kind=OrgUnit.Kind.PROJECT).first()
    if project is None:
        raise click.ClickException(
            f"没有项目“{place}”，请用 shouwen org list --kind project 查编号。"
        )
    return project


def importer(project: OrgUnit, username: str, at: datetime) -> Scope:
    """The person named, else who leads customer service there, else anybody who may register."""
    if username:
        person = Staff.objects.filter(username=username).first()
    else:
        posts = Post.objects.filter(unit__path__startswith=project.path, until=None)
        ranks = ("cs_head", "csr", "project_manager")
        held = {post.role: post.staff for post in posts.select_related("staff")}
        person = next((held[role] for role in ranks if role in held), None)
    if person is None:
        raise click.ClickException("没有可以登记的人，请用 --by 指明登录名。")
    return scope_of(person, at)


def _progress(done: int) -> None:
    click.echo(f"已处理 {done} 件", err=True)


def _error_sheet(file: Path, at: datetime) -> Path:
    folder = Path(settings.CONFIG.data) / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{file.stem}-errors-{at:%Y%m%d-%H%M%S}.csv"
