"""`shouwen org …`"""

import click

from shouwen.accounts.models import OrgUnit


@click.group(help="组织")
def org() -> None:
    """Commands about the organisation tree."""


@org.command("list", help="列出组织单位：编号<TAB>名称")
@click.option("--kind", type=click.Choice(OrgUnit.Kind.values), help="只列这一层级")
def list_units(kind: str | None) -> None:
    """One line a unit, `id<TAB>name`, in the order of the tree."""
    units = OrgUnit.objects.order_by("path")
    for unit in units.filter(kind=kind) if kind else units:
        click.echo(f"{unit.pk}\t{unit.name}")
