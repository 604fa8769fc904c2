"""`shouwen demo`"""

from __future__ import annotations

import gc

import click

from shouwen import clock
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.demo.company import GROUP, LOGINS, PASSWORD
from shouwen.demo.filling import fill
from shouwen.rules.refused import Refused


@click.command(help="演示公司：在空数据库里造出一个物业集团和它八周的来电来访")
@click.option("--if-empty", is_flag=True, help="已经有数据就什么也不做")
@click.option("--logins", is_flag=True, help="只显示演示账号；不是演示数据时什么也不显示")
@click.option("--small", is_flag=True, help="两周，少一些")
def demo(*, if_empty: bool, logins: bool, small: bool) -> None:
    if logins:
        click.echo(told_logins())
        return
    if OrgUnit.objects.exists():
        if if_empty:
            return
        raise Refused("not-empty", "数据库里已经有组织，演示数据只能放进空的数据库。")
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)  # what is read here is dropped at once: looking costs more
    fill(clock.now(), click.echo, small=small)
    click.echo(told_logins())


def told_logins() -> str:
    """One line with whom to sign in as, while it is the demo and its password still holds."""
    people = {person.username: person for person in Staff.objects.filter(username__in=LOGINS)}
    is_demo = OrgUnit.objects.filter(code=GROUP[0], name=GROUP[1]).exists()
    first = people.get(LOGINS[0])
    if not (is_demo and first and first.check_password(PASSWORD)):
        return ""
    names = " · ".join(f"{people[name].name} {name}" for name in LOGINS if name in people)
    return f"演示账号：{names}　密码 {PASSWORD}"
