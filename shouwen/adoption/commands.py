"""`shouwen regulation …`"""

import json
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import click
from django.utils.timezone import localtime, make_aware

from shouwen import clock
from shouwen.accounts.models import OrgUnit
from shouwen.adoption import actions, library
from shouwen.adoption.check import Problem, check
from shouwen.adoption.coverage import (
    STATES,
    Covered,
    as_json,
    by_category,
    citing,
    coverage,
    gathered,
    proofs_of_examples,
    proofs_of_tests,
    summary,
)
from shouwen.adoption.examples import read_examples, run_example, sample_calendar
from shouwen.adoption.library import BadRegulation
from shouwen.adoption.queries import next_position
from shouwen.rules.case_kinds import Commitment, Provision, ReturnVisit
from shouwen.rules.due import due, window
from shouwen.rules.journal import VERBS
from shouwen.rules.regulation import Regulation
from shouwen.rules.rule import Rule


@click.group(help="制度")
def regulation() -> None:
    """Commands about the written regulations."""


@regulation.command("list", help="列出随程序提供的制度")
def list_regulations() -> None:
    """One line a regulation: id, source, clauses, rules, title."""
    for found in library.load_all():
        count = sum(1 for _ in found.rules())
        source = found.source or "-"
        click.echo(f"{found.id}\t{source}\t{len(found.clauses)}\t{count}\t{found.title}")


# adopt


@regulation.command("adopt", help="让一个单位采用一部制度")
@click.argument("regulation_id", metavar="ID")
@click.option("--unit", "code", required=True, help="单位代码，如 CH")
@click.option("--position", type=click.IntRange(0, 99), help="次序，0 最先；不写则排在最后")
@click.option("--since", type=click.DateTime(), help="生效时间（当地时间）；不写则现在起")
def adopt_command(
    regulation_id: str, code: str, position: int | None, since: datetime | None
) -> None:
    """New cases of the unit and of everything below it follow the regulation from then on."""
    if regulation_id not in library.available():
        known = "、".join(library.available())
        raise click.ClickException(f"没有制度 {regulation_id}；有：{known}")
    unit = OrgUnit.objects.filter(code=code).first()
    if unit is None:
        raise click.ClickException(f"没有代码为 {code} 的单位；`shouwen org list` 列出全部单位")
    at = make_aware(since) if since else clock.now()
    place = next_position(unit, at) if position is None else position
    adoption = actions.adopt(unit=unit, regulation=regulation_id, position=place, since=at)
    start = localtime(adoption.since)
    click.echo(f"{unit.name} 自 {start:%Y-%m-%d %H:%M} 起采用 {adoption.edition}，次序 {place}")


# check


@regulation.command(
    "check", help="检查制度：未知键、悬空引用、时段缺口或重叠、永不适用、到期不单调"
)
@click.argument("ids", nargs=-1, metavar="[ID]…")
def check_command(ids: tuple[str, ...]) -> None:
    """One line a problem, `file: rule: problem`, and a summary; exit status 1 when there is one."""
    checked, problems = check_all(ids or tuple(library.available()))
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{checked} regulations, {len(problems)} problems")
    if problems:
        sys.exit(1)


def check_all(ids: Sequence[str]) -> tuple[int, list[Problem]]:
    """How many were read, and the problems of these regulations, those of reading them included."""
    read, problems = _readable(dict.fromkeys((*library.available(), *ids)))
    wanted = [found for found in read if found.id in ids]
    unread = [problem for problem in problems if problem.file.partition("/")[0] in ids]
    examples = [problem for found in wanted for problem in _examples(found)]
    return len(wanted), [*unread, *check(wanted, read), *examples]


def _readable(ids: dict[str, None]) -> tuple[list[Regulation], list[Problem]]:
    read, problems = [], []
    for regulation_id in ids:
        try:
            read.append(library.load(regulation_id))
        except BadRegulation as error:
            problems.append(Problem(error.file, error.key, error.problem))
    return read, problems


def _examples(found: Regulation) -> Iterator[Problem]:
    file = f"{found.id}/examples.toml"
    rulebook = library.rulebook((found.id,))
    try:
        examples = read_examples(library.root().joinpath(found.id))
    except BadRegulation as error:
        yield Problem(error.file, error.key, error.problem)
        return
    known = {clause.id for clause in found.clauses}
    for example in examples:
        for clause in sorted(set(example.cites) - known):
            yield Problem(file, example.id, f"cites {clause}, which is in no clauses.csv")
        for difference in run_example(example, rulebook, sample_calendar()):
            yield Problem(file, example.id, difference)


# explain


@regulation.command("explain", help="说明一部制度、一条规则或一个条款")
@click.argument("name", metavar="ID")
def explain(name: str) -> None:
    """Everything known by this id: a regulation, rules, a clause."""
    regulations = library.load_all()
    lines = [
        line
        for found in regulations
        for line in (*_regulation(found, name), *_rules(found, name), *_clause(found, name))
    ]
    if not lines:
        raise click.ClickException(f"没有名为 {name} 的制度、规则或条款")
    click.echo("\n".join(lines))


def _regulation(found: Regulation, name: str) -> Iterator[str]:
    if found.id != name:
        return
    yield f"{found.title}（{found.id}，{found.source or '系统默认'}，版本 {found.edition}）"
    for kind, rule in found.rules():
        yield f"  {kind:<13} {rule.id:<32} {rule.clause:<14} {rule.title}"


def _rules(found: Regulation, name: str) -> Iterator[str]:
    for kind, rule in found.rules():
        if rule.id == name:
            yield from _rule(found, kind, rule, clock.now())


def _clause(found: Regulation, name: str) -> Iterator[str]:
    for clause in found.clauses:
        if clause.id != name:
            continue
        yield f"{clause.id}  {found.title} {clause.section} · {clause.clause}（{clause.category}）"
        yield f"  原文  {clause.quote}"
        yield f"  程序  {clause.does or '—'}"
        cited = citing([found]).get(clause.id, {})
        for kind, rule in found.rules():
            if f"{kind}:{found.id}/{rule.id}" in cited:
                yield from _rule(found, kind, rule, clock.now())


def _rule(found: Regulation, kind: str, rule: Rule, at: datetime) -> Iterator[str]:
    ours = "（系统默认，非制度规定）" if rule.product_default or found.product_default else ""
    yield f"{found.id}/{rule.id}  [{kind}]  {rule.title}  {rule.clause}{ours}"
    for label, facts in (("适用", rule.applies), ("除外", rule.unless)):
        if facts:
            yield f"  {label}  {_facts(facts)}"
    quotes = {clause.id: clause.quote for clause in found.clauses}
    yield from (f"  条款  {clause} {quotes.get(clause, '')}" for clause in rule.cites)
    if rule.reading:
        yield f"  读法  {rule.reading}"
    yield from _arithmetic(rule, at)


def _facts(facts: dict[str, bool | tuple[str, ...]]) -> str:
    return "，".join(
        f"{axis} = {'是' if value else '否'}"
        if isinstance(value, bool)
        else f"{axis} = {' / '.join(value)}"
        for axis, value in facts.items()
    )


def _arithmetic(rule: Rule, at: datetime) -> Iterator[str]:
    """What the rule would give if it started now."""
    if isinstance(rule, Commitment) and not any(branch.given for branch in rule.due):
        words = due(rule.due, at, sample_calendar(), event=VERBS[rule.starts]).words
        until = "、".join(VERBS[verb] for verb in rule.met_by)
        yield f"  由“{VERBS[rule.starts]}”起，至“{until}”止"
        yield f"  算例  {words}"
    if isinstance(rule, ReturnVisit):
        words = window(rule.window, at, sample_calendar(), event=VERBS[rule.after])[1].words
        yield f"  回访  {rule.rate}，{rule.window[0]} 至 {rule.window[1]}，由 {'、'.join(rule.by)}"
        yield f"  算例  {words}"
    if isinstance(rule, Provision):
        yield f"  程序  {rule.kept_by}"


# coverage


@regulation.command("coverage", help="全部条款的落实情况")
@click.option("--json", "as_data", is_flag=True, help="输出全部内容为 JSON")
@click.option("--category", help="只看一类条款")
@click.option("--write-proofs", is_flag=True, help="把测试清单写入程序包，供没有测试目录的安装使用")
def coverage_command(as_data: bool, category: str | None, write_proofs: bool) -> None:
    """Clauses by category, and last a line that counts all of them."""
    proofs = found_proofs()
    if write_proofs:
        _proofs_file().write_text(json.dumps(proofs, indent=1) + "\n", encoding="utf-8")
    covered = coverage(library.load_all(), proofs)
    shown = [one for one in covered if category in (None, one.category)]
    if as_data:
        click.echo(json.dumps(as_json(shown), ensure_ascii=False, indent=1))
        return
    for line in _table(shown):
        click.echo(line)
    click.echo(summary(covered))


def _table(covered: Sequence[Covered]) -> Iterator[str]:
    for category, states in by_category(covered).items():
        counts = "  ".join(f"{state} {states[state]}" for state in STATES)
        yield f"{category}: {counts}"
        for one in covered:
            if one.category == category:
                why = f"{', '.join(one.rules) or '—'} | {', '.join(one.tests) or '—'}"
                yield f"  {one.id:<18} {one.state:<9} {why}"


def found_proofs() -> dict[str, list[str]]:
    """Clause -> tests, from the tests beside the package, else from the list that came with it."""
    tests = _proofs_file().parents[2] / "tests"
    if (tests / "regulations" / "test_examples.py").is_file():
        pairs = [pair for found in library.load_all() for pair in _example_proofs(found)]
        return gathered([*proofs_of_tests(tests), *pairs])
    file = _proofs_file()
    proofs: dict[str, list[str]] = json.loads(file.read_text("utf-8")) if file.is_file() else {}
    return proofs


def _example_proofs(found: Regulation) -> Iterator[tuple[str, str]]:
    return proofs_of_examples(found, read_examples(library.root().joinpath(found.id)))


def _proofs_file() -> Path:
    return Path(str(library.root())) / "proofs.json"
