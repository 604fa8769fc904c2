"""Looks for mistakes in written regulations: `shouwen regulation check`.

The shape of the files is checked on reading (`library`); here it is what the rules say.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from shouwen.accounts.rights import FUNCTIONS, ROLES
from shouwen.adoption.known import PEOPLE, Known, covers, is_defined, never_together
from shouwen.adoption.library import file_of
from shouwen.rules.case_kinds import (
    Axis,
    AxisValue,
    Closing,
    Commitment,
    DueBranch,
    Intake,
    Need,
    Permission,
    Provision,
    ReturnVisit,
    Route,
    Suggest,
)
from shouwen.rules.complaint_kinds import EarlyWarning, Grade, ReferralPath, Reporting, Retention
from shouwen.rules.due import check as check_due
from shouwen.rules.due import window
from shouwen.rules.figure_kinds import Duty, Measure, Recipient, StatementRule
from shouwen.rules.form_kinds import ABOUT, Form, FormField
from shouwen.rules.intake import DETAILS
from shouwen.rules.journal import ANSWERED, ASKED, HANDED, VERBS
from shouwen.rules.lifecycle import STATUS_NAMES
from shouwen.rules.matters import MATTER_NAMES
from shouwen.rules.measures import ANSWERS
from shouwen.rules.paid_kinds import PaidWork, PriceList, ServiceItem, Warranty, WorkOrder
from shouwen.rules.referrals import ASKS, PARTIES, STEPS
from shouwen.rules.regulation import Regulation
from shouwen.rules.rule import Applies, Rule
from shouwen.rules.spans import span
from shouwen.rules.statements import LEVELS, due_of
from shouwen.rules.visits import rate
from shouwen.rules.vocabulary import (
    HOUSE_PARTS,
    KINDS,
    NOTE_TAGS,
    ORDER_NEEDS,
    SERVICE_DETAILS,
)
from shouwen.rules.worktime import Calendar

_SOME_TUESDAY = datetime(2026, 11, 17, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Problem:
    """One mistake, where it stands and what it is."""

    file: str
    rule: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.rule}: {self.problem}"


def check(regulations: Sequence[Regulation], among: Iterable[Regulation]) -> list[Problem]:
    """The mistakes in these regulations; `among` are all that they may refer to."""
    known = Known.of(among)
    return [problem for regulation in regulations for problem in _of_one(regulation, known)]


def _of_one(regulation: Regulation, known: Known) -> Iterator[Problem]:
    for kind, rule in regulation.rules():
        file = f"{regulation.id}/{file_of(kind)}"
        for found in _sentences(rule, known):
            yield Problem(file, rule.id, found)
    for role in regulation.roles:
        for found in [*_unknown("role", [role.code], ROLES), *_dangling(role.cites, known)]:
            yield Problem(f"{regulation.id}/regulation.toml", role.name, found)
    yield from _twice(regulation)


def _twice(regulation: Regulation) -> Iterator[Problem]:
    ids = Counter(rule.id for kind, rule in regulation.rules() if kind != "axis")
    ids.update(f"axis {axis.id}" for axis in regulation.axis)
    ids.update(f"clause {clause.id}" for clause in regulation.clauses)
    for rule_id, times in ids.items():
        if times > 1:
            yield Problem(regulation.id, rule_id, f"the id is used {times} times")


def _sentences(rule: Rule, known: Known) -> Iterator[str]:
    yield from _dangling(rule.cites, known)
    yield from _facts("applies", rule, known)
    yield from _facts("unless", rule, known)
    yield from _never(rule, known)
    own = _OF_KIND.get(type(rule))
    if own:
        yield from own(rule, known)


def _dangling(cites: Iterable[str], known: Known) -> Iterator[str]:
    for clause in cites:
        if clause not in known.clauses:
            yield f"cites {clause}, which is in no clauses.csv"


def _unknown(what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    allowed = set(known)
    for name in names:
        if name not in allowed:
            yield f"unknown {what} {name!r}"


def _facts(field: str, rule: Rule, known: Known) -> Iterator[str]:
    yield from _possible(field, getattr(rule, field), known)


def _possible(field: str, facts: Applies, known: Known) -> Iterator[str]:
    for axis, accepted in facts.items():
        values = (accepted,) if isinstance(accepted, bool) else accepted
        for value in values:
            if not known.is_fact(axis, value):
                yield f"{field}: no axis gives {axis} = {value!r}"


def _never(rule: Rule, known: Known) -> Iterator[str]:
    """Reasons why no case can ever match."""
    if covers(rule.unless, rule.applies):
        yield "can never apply: `unless` takes away all that `applies` gives"
    for axis in rule.applies:
        definitions = known.axes.get(axis, ())
        clashes = [never_together(rule.applies, one.applies) for one in definitions]
        if clashes and all(clashes):
            yield f"can never apply: {axis} is only asked of another {clashes[0]}"
    for axis, accepted in rule.applies.items():
        if accepted == ():
            yield f"can never apply: {axis} has no value"


# One function a kind of rule


def _axis(axis: Axis, known: Known) -> Iterator[str]:
    yield from _unknown("role", axis.decided_by, PEOPLE)
    for code, times in Counter(value.code for value in axis.values).items():
        if times > 1:
            yield f"value {code!r} stands there {times} times"
    for value in axis.values:
        yield from _axis_value(axis.id, value, known)


def _axis_value(axis: str, value: AxisValue, known: Known) -> Iterator[str]:
    yield from _dangling(value.cites, known)
    if axis in ("kind", "business"):
        yield from _unknown("canonical kind", [value.canonical or value.code], KINDS)
    for name, brought in value.sets.items():
        if not known.is_fact(name, brought):
            yield f"{value.code} sets {name} = {brought!r}, which no axis gives"


def _route(route: Route, known: Known) -> Iterator[str]:
    yield from _unknown("department", [route.lead, *route.assist], FUNCTIONS)


def _suggest(rule: Suggest, known: Known) -> Iterator[str]:
    if not known.is_fact(rule.axis, rule.value):
        yield f"no axis gives {rule.axis} = {rule.value!r}"
    for word, times in Counter(rule.words).items():
        if times > 1:
            yield f"the word {word!r} stands there {times} times"


def _intake(rule: Intake, known: Known) -> Iterator[str]:
    yield from _unknown("detail", rule.details, DETAILS)
    for tick in rule.ticks:
        yield from _dangling(tick.cites, known)


def _commitment(rule: Commitment, known: Known) -> Iterator[str]:
    yield from _unknown("verb", [rule.starts, *rule.met_by], VERBS)
    yield from _unknown("role", [rule.holder], PEOPLE)
    yield from _unknown("role", rule.tells, PEOPLE | FUNCTIONS.keys())
    yield from _reminders(rule)
    if not any(branch.given for branch in rule.due):
        yield from (f"due: {problem}" for problem in check_due(rule.due))
    yield from _unknown("kind", rule.starts_kind, MATTER_NAMES)
    if (rule.starts_kind or rule.per == "matter") and rule.starts not in (ASKED, HANDED, ANSWERED):
        yield "is of one matter, but is not started by one"
    if rule.met_tag:
        yield from _unknown("tag", [rule.met_tag], NOTE_TAGS)
        if "noted" not in rule.met_by:
            yield "has a met_tag, but is not met by a note"
    for axis, value in rule.raises.items():
        if not known.is_fact(axis, value):
            yield f"raises {axis} = {value!r}, which no axis gives"


def _reminders(rule: Commitment | ReturnVisit | Duty | StatementRule) -> Iterator[str]:
    yield from _unknown("role", [step.to for step in rule.late], PEOPLE)
    lengths = [getattr(rule, "warn", ""), *(step.after for step in rule.late)]
    for text in filter(None, lengths):
        try:
            if span(text).working or span(text).unit == "month":
                yield f"reminders are counted in elapsed time, not in {text!r}"
        except ValueError as error:
            yield str(error)


def _need(need: Need, known: Known) -> Iterator[str]:
    yield from _unknown("verb", [need.entry], VERBS)
    yield from _unknown("role", need.by, PEOPLE)
    if need.tag:
        yield from _unknown("tag", [need.tag], NOTE_TAGS)
    if need.rule:
        yield from _unknown("return visit", [need.rule], known.visits)


def _closing(rule: Closing, known: Known) -> Iterator[str]:
    yield from _unknown("verb", [rule.before], VERBS)
    yield from _need(rule.needs, known)


def _permission(rule: Permission, known: Known) -> Iterator[str]:
    yield from _unknown("verb", [rule.verb], VERBS)
    yield from _unknown("role", rule.only, PEOPLE)
    if not rule.only and not rule.never_by:
        yield "forbids nothing"


def _return_visit(rule: ReturnVisit, known: Known) -> Iterator[str]:
    yield from _unknown("role", rule.by, PEOPLE)
    yield from _reminders(rule)
    for text in filter(None, (rule.rate, rule.target, rule.most)):
        try:
            if not 0 < rate(text) <= 1:
                yield f"{text!r} is not a share of all"
        except ValueError:
            yield f"{text!r} is not a percentage"
    try:
        opens, closes = window(rule.window, _SOME_TUESDAY, Calendar.always("Asia/Shanghai"))
    except ValueError as error:
        yield str(error)
        return
    if closes.at is not None and closes.at <= opens:
        yield "the window closes before it opens"


def _provision(rule: Provision, known: Known) -> Iterator[str]:
    if not is_defined(rule.kept_by):
        yield f"kept_by: there is no {rule.kept_by}"


def _paid_work(rule: PaidWork, known: Known) -> Iterator[str]:
    yield from _unknown("role", rule.receipt_by, PEOPLE)
    if bool(rule.bill_day) != (rule.collect == "monthly-bill"):
        yield "a monthly bill has a bill_day, and nothing else has"
    if rule.hand_in and rule.collect != "cash":
        yield "only cash is handed in"


def _price_list(rule: PriceList, known: Known) -> Iterator[str]:
    yield from _unknown("role", rule.drafted_by, PEOPLE)
    yield from _unknown("role", [step.role for step in rule.approvals], ROLES)
    for step in rule.approvals:
        if step.modes and not step.outside:
            yield f"{step.title}: only an outside body answers in one of several modes"


def _warranty(rule: Warranty, known: Known) -> Iterator[str]:
    yield from _unknown("part of a house", [rule.part], HOUSE_PARTS)
    if bool(rule.years) == bool(rule.seasons):
        yield "lasts either years or seasons"


def _service_item(rule: ServiceItem, known: Known) -> Iterator[str]:
    yield from _unknown("detail of a service", rule.details, SERVICE_DETAILS)
    if rule.price_item and not rule.paid:
        yield "has a price, and is free"
    if rule.papers and "documents" not in rule.details:
        yield "lists papers, and asks for no documents"


def _work_order(rule: WorkOrder, known: Known) -> Iterator[str]:
    yield from _unknown("role", rule.issued_by, ROLES)
    yield from _unknown("range", rule.modes, known.values("scope"))
    yield from _unknown("need", rule.completion, ORDER_NEEDS)
    try:
        if span(rule.handover).counts_days:
            yield f"handover is counted in time, not in {rule.handover!r}"
    except ValueError as error:
        yield str(error)


def _grade(rule: Grade, known: Known) -> Iterator[str]:
    yield from _unknown("grade", [rule.grade], known.values("grade"))
    if rule.event:
        yield from _unknown("event type", [rule.event], known.values("event_type"))
    if bool(rule.least) != (rule.when in ("households", "claimed", "raised")):
        yield "`least` counts households, yuan or times, and nothing else"
    if bool(rule.after) != (rule.when == "unresolved"):
        yield "`after` belongs to `unresolved`"
    if rule.after:
        yield from (f"after: {problem}" for problem in check_due((DueBranch(within=rule.after),)))
    if rule.when == "asked" and rule.decides:
        yield "what must be judged is not decided by the product"


def _reporting(rule: Reporting, known: Known) -> Iterator[str]:
    if bool(rule.to) == bool(rule.body):
        yield "names either one of our roles (`to`) or a body outside (`body`)"
    if rule.to:
        yield from _unknown("role", [rule.to], PEOPLE | FUNCTIONS.keys())
    yield from (f"within: {problem}" for problem in check_due((DueBranch(within=rule.within),)))


def _retention(rule: Retention, known: Known) -> Iterator[str]:
    yield from _unknown("function", rule.keepers, FUNCTIONS)
    if rule.of == "case" and not rule.months:
        yield "the file of a case is kept for a number of months"
    if rule.of != "case" and (rule.applies or rule.unless):
        yield "only the file of a case is kept by what the case is"
    if bool(rule.every and rule.by_day) != (rule.of == "visits"):
        yield "`every` and `by_day` belong to the papers of visits, and to nothing else"
    if bool(rule.keepers) != (rule.of == "order"):
        yield "`keepers` belong to the copies of an order, and to nothing else"


def _duty(rule: Duty, known: Known) -> Iterator[str]:
    yield from _unknown("role", rule.by, ROLES)
    yield from _reminders(rule)
    if not rule.by:
        yield "nobody owes it: name roles (`by`)"


def _measure(rule: Measure, known: Known) -> Iterator[str]:
    """What it counts must be able to happen."""
    yield from _possible("of", rule.of.axes, known)
    yield from _unknown("commitment", rule.count.commitment, known.ids["commitment"])
    judged = {"visit": "return_visit", "duty": "duty"}.get(rule.of.record)
    yield from _unknown("rule", rule.of.rules, known.ids[judged] if judged else rule.of.rules)
    yield from _unknown("form", rule.of.form, known.ids["form"])
    yield from _unknown("role", rule.of.role, ROLES)
    yield from _unknown("state", rule.count.state, STATUS_NAMES)
    yield from _unknown("result", rule.count.result, ANSWERS)
    yield from _unknown("measure", [rule.beside] if rule.beside else [], known.ids["measure"])
    if rule.beside and not rule.product_default:
        yield "stands beside the measure of a clause and is not marked `product_default`"
    if rule.value == "mean" and not rule.count.scored:
        yield "is a mean of nothing: name what is scored (`count.scored`)"


def _statement(rule: StatementRule, known: Known) -> Iterator[str]:
    """Sections are checked on reading; here who does what, by when, and to whom it goes."""
    signers = [rule.prepared_by, *rule.checked_by, *rule.signed_by]
    yield from _unknown("role", signers, ROLES)
    yield from _reminders(rule)
    yield from _possible("kinds", {"kind": rule.kinds}, known)
    yield from _unknown("section", [*rule.required, *rule.improves], rule.sections)
    try:
        due_of(rule)
    except ValueError as error:
        yield str(error)
    if rule.by_message and "message" not in rule.sections:
        yield "goes out as a message, and has no section `message`"
    if not rule.to:
        yield "goes to nobody: name who receives it (`to`)"
    for one in rule.to:
        yield from _recipient(one, rule)


def _recipient(one: Recipient, rule: StatementRule) -> Iterator[str]:
    yield from _unknown("role", [one.role] if one.role else [], ROLES)
    upwards = list(LEVELS)
    if one.role and upwards.index(one.level) < upwards.index(rule.level):
        yield f"{one.name} stands below the {rule.level} that reports"


def _form(rule: Form, known: Known) -> Iterator[str]:
    yield from _named_once(rule.fields)
    for one in rule.fields:
        yield from _field(one, known)
    for kind in ABOUT:
        if sum(one.kind == kind for one in rule.fields) > 1:
            yield f"belongs to one {kind}, and asks for several"
    yield from _unknown("place to sign", rule.signers, rule.signatures)
    yield from _unknown("role", [role for roles in rule.signers.values() for role in roles], ROLES)
    yield from _unknown("field", rule.listed, [one.id for one in rule.fields])
    if rule.copy_names and len(rule.copy_names) != rule.copies:
        yield f"names {len(rule.copy_names)} copies, and has {rule.copies}"


def _named_once(fields: Sequence[FormField]) -> Iterator[str]:
    for name, times in Counter(one.id for one in fields).items():
        if times > 1:
            yield f"the field {name!r} stands there {times} times"
        if not name.isidentifier():
            yield f"the field {name!r} cannot be a placeholder"


def _field(one: FormField, known: Known) -> Iterator[str]:
    for what, kind in (("options", "choice"), ("items", "scores"), ("columns", "table")):
        if bool(getattr(one, what)) != (one.kind == kind):
            yield f"{one.id}: {what} belong to a {kind}, and to nothing else"
    yield from _named_once(one.columns)
    if any(column.kind in (*ABOUT, "table", "scores", "photo") for column in one.columns):
        yield f"{one.id}: a line of a table holds only plain values"
    for item in one.items:
        yield from _dangling(item.cites, known)


def _early_warning(rule: EarlyWarning, known: Known) -> Iterator[str]:
    yield from _unknown("role", [rule.to], PEOPLE)
    if bool(rule.words) != (rule.watch == "words"):
        yield "words are watched for by `words`, and by nothing else"
    for text in (rule.within, rule.respond):
        try:
            if span(text).working or span(text).unit == "month":
                yield f"is counted in elapsed time, not in {text!r}"
        except ValueError as error:
            yield str(error)


def _referral(rule: ReferralPath, known: Known) -> Iterator[str]:
    yield from _unknown("kind of party", rule.to, PARTIES)
    yield from _unknown("question", rule.asks, ASKS)
    yield from _unknown("step", (step.step for step in rule.steps), STEPS)
    if len({step.step for step in rule.steps}) < len(rule.steps):
        yield "a step stands there twice"
    for step in rule.steps:
        yield from _unknown("role", [*step.by, step.holder], PEOPLE)
        yield from _unknown("function", filter(None, [step.of]), FUNCTIONS)
        if step.within:
            yield from check_due((DueBranch(within=step.within),))
        if step.within and step.step == "answer":
            yield "when an answer is due, the party says"


_OF_KIND: dict[type[Rule], Callable[[Any, Known], Iterator[str]]] = {
    Axis: _axis,
    Route: _route,
    Suggest: _suggest,
    Intake: _intake,
    Commitment: _commitment,
    Closing: _closing,
    Permission: _permission,
    ReturnVisit: _return_visit,
    Provision: _provision,
    PaidWork: _paid_work,
    PriceList: _price_list,
    Warranty: _warranty,
    ServiceItem: _service_item,
    WorkOrder: _work_order,
    ReferralPath: _referral,
    Grade: _grade,
    Reporting: _reporting,
    EarlyWarning: _early_warning,
    Retention: _retention,
    Duty: _duty,
    Measure: _measure,
    StatementRule: _statement,
    Form: _form,
}
