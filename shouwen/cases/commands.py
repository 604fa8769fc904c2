"""`shouwen journal …`"""

import sys

import click

from shouwen import clock
from shouwen.cases.models import Case, JournalEntry
from shouwen.cases.verifying import anchor, verify


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
