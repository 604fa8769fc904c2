"""The `shouwen` command. Each app brings its own commands; here they are mounted."""

import os
import signal
import sys
from threading import Event
from typing import Any

import click
import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouwen.settings")
django.setup()

from django.conf import settings  # noqa: E402 - all below needs django.setup()
from django.core.management import execute_from_command_line  # noqa: E402

from shouwen import serve as serving  # noqa: E402
from shouwen import tables, worker  # noqa: E402
from shouwen.accounts import commands as accounts  # noqa: E402
from shouwen.adoption import commands as adoption  # noqa: E402
from shouwen.adoption import worktime_check  # noqa: E402
from shouwen.cases import commands as cases  # noqa: E402
from shouwen.demo import commands as demo  # noqa: E402
from shouwen.estate import commands as estate  # noqa: E402
from shouwen.figures import commands as figures  # noqa: E402
from shouwen.figures.journal_export import journal_export  # noqa: E402
from shouwen.papers.sheet import font_trouble  # noqa: E402
from shouwen.registers import commands as registers  # noqa: E402
from shouwen.rules.refused import Refused  # noqa: E402
from shouwen.stores import commands as stores  # noqa: E402


class Desk(click.Group):
    """A refusal is a sentence and an exit code, not a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Refused as refused:
            raise click.ClickException(str(refused)) from refused


@click.group(cls=Desk, help="首问：物业客服受理台")
def main() -> None:
    """Mounts the commands of every floor."""


@main.command(help="把数据库更新到本版本的结构")
def migrate() -> None:
    tables.migrate()


@main.command(help="启动受理台：网页和后台一起，Ctrl+C 停止")
@click.option("--note", default="", help="启动后与网址一同显示的话")
def serve(note: str) -> None:
    tables.migrate()
    config = settings.CONFIG
    if trouble := font_trouble():
        click.echo(trouble, err=True)
    address = f"首问已启动：http://{config.address}:{config.port}/"
    serving.serve(config, ready=lambda: f"{address}  {note}".rstrip())


@main.command(help="只启动后台：催时限、发通知、做导入")
@click.option("--once", is_flag=True, help="各做一遍就结束，出错即报")
def work(once: bool) -> None:
    if once:
        worker.once()
        return
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    worker.work(stop)


@main.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def django_admin(arguments: tuple[str, ...]) -> None:
    """Django 的管理命令（migrate、check …）"""
    execute_from_command_line(["shouwen django-admin", *arguments])


estate.import_.add_command(stores.materials)
estate.import_.add_command(registers.calls)
cases.journal.add_command(journal_export)
for command in (
    accounts.org,
    adoption.regulation,
    worktime_check.worktime,
    estate.estate,
    estate.import_,
    cases.journal,
    demo.demo,
    figures.figures,
):
    main.add_command(command)

if __name__ == "__main__":
    sys.exit(main())
