"""A world to walk: in three projects one record of every kind, each bearing its project's canary.

翠湖花园 is one's own, 金桂苑 another project of the same company, 江南里 another company's. Every
role stands at 翠湖花园 or at its company, so that 江南里 is foreign to all of them.
"""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from hashlib import sha256
from typing import Any

from shouwen.accounts.actions import create_staff, give_post, issue_token, record_absence
from shouwen.accounts.models import ApiToken, OrgUnit, Staff
from shouwen.accounts.rights import RIGHTS, ROLES
from shouwen.accounts.scope import Scope, scope_of
from shouwen.adoption.actions import adopt, approve_calendar, footing, propose_calendar
from shouwen.adoption.library import load
from shouwen.archive.actions.disposing import propose as propose_disposal
from shouwen.archive.actions.filing import Paper, file_away
from shouwen.archive.models import Deposit, NumberChange
from shouwen.billing.actions.bills import run_bills
from shouwen.billing.actions.charging import charge
from shouwen.billing.actions.paying import issue_receipt, take_payment
from shouwen.billing.actions.returning import ask_refund
from shouwen.billing.models import Checkout
from shouwen.cases.actions.dispatching import accept, dispatch
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.actions.working import note, report_done
from shouwen.cases.files import Kept
from shouwen.cases.models import Attachment, Case, SavedView
from shouwen.estate.models import (
    Building,
    BuildingNotice,
    Customer,
    ImportRun,
    Occupancy,
    Phone,
    Unit,
)
from shouwen.figures.models import Exclusion, MonthLock, Restatement, Verdict
from shouwen.followup.actions.following import follow
from shouwen.followup.models import VisitItem
from shouwen.groups.actions.grouping import open_matter
from shouwen.learning.actions.collecting import note_defect_on
from shouwen.learning.actions.proposing import Found, propose_on
from shouwen.learning.actions.rolls import draw_up
from shouwen.learning.actions.suggesting import keep
from shouwen.majors.actions.events import open_event
from shouwen.majors.actions.following import plan
from shouwen.majors.actions.foreseeing import register_risk
from shouwen.majors.models import EarlyWarning, MatrixLine
from shouwen.notify.models import Notice, OutboxMessage
from shouwen.outside.actions.parties import keep_party
from shouwen.outside.actions.referring import open_referral
from shouwen.outside.models import Chart
from shouwen.phone.models import Conflict
from shouwen.portal.models import BuildingCode, CustomerLink
from shouwen.portal.queries import digest
from shouwen.pricing.actions.listing import Row as PriceRow
from shouwen.pricing.actions.listing import draft, rewrite
from shouwen.pricing.actions.quoting import QuoteLine, quote
from shouwen.registers.actions.filling import Blank, begin
from shouwen.registers.models import Call, FormTemplate, Record
from shouwen.registers.queries import form_in_force
from shouwen.repairs.actions.issuing import issue
from shouwen.repairs.models import HandoverCheck, Roster
from shouwen.rules.money import Line
from shouwen.services.actions.catalogue import seed_catalogue
from shouwen.services.actions.keeping import take
from shouwen.services.actions.mandates import Part, open_mandate, report_house
from shouwen.services.actions.ordering import order
from shouwen.services.actions.parcels import register_parcel, release
from shouwen.services.actions.supplying import set_hours
from shouwen.services.models import RentDue
from shouwen.statements.models import Statement
from shouwen.stores.models import Material, Requisition, Stock, StockCount, Store
from shouwen.supervision.actions.asking import ask
from tests.cast import FOUNDED, PASSWORD, Cast, build
from tests.moments import moment

OPENED = moment("2026-11-19 09:12", "周四")
FINISHED = moment("2026-11-19 16:30", "周四")
NOW = moment("2026-11-20 10:00", "周五")
TOMORROW = moment("2026-11-21 10:00", "周六")

#: The one file that all attachments are.
PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
)
OWN, SIBLING, FOREIGN = "CH", "JG", "JN"
PROJECTS = (OWN, SIBLING, FOREIGN)
#: What must never be read by whom it does not belong to: made up for this walk, and real names.
CANARIES = {
    OWN: ("金丝雀CH",),
    SIBLING: ("金丝雀JG", "13711110002", "沈洁", "林涛"),
    FOREIGN: ("金丝雀JN", "13711110003", "何静", "许峰", "安和物业", "江南里"),
}
#: Where each role stands. High roles stand at the company: the group would own all three.
PLACES = {
    "csr": "CH-service", "night_duty": "CH-security", "hotline400": "JXWY",
    "cs_head": "CH-service", "engineer": "CH-engineering", "repair_head": "CH-engineering",
    "dept_head": "CH-environment", "contractor": "CH-environment", "employee": "CH-security",
    "project_manager": "CH", "company_cs": "JXWY", "company_leader": "JXWY", "hq_cs": "JXWY",
    "admin": "JXWY", "auditor": "JXWY",
    "storekeeper": "CH-engineering", "cashier": "CH-service", "finance": "JXWY",
}  # fmt: skip
#: The departments that the case of every project was handed to: narrow roles of these see it.
HANDED = ("engineering", "environment")


@dataclass
class World:
    """`objects[project][kind]` is what stands in an address; `people[role]` who walks."""

    cast: Cast
    people: dict[str, Staff]
    tokens: dict[str, str]
    objects: dict[str, dict[str, Any]]
    mine: dict[str, dict[str, int]]
    """Of every role what belongs to the person and to no place."""

    def scope(self, role: str) -> Scope:
        return scope_of(self.people[role], NOW)


def build_world() -> World:
    cast = build()
    people = {role: _person(n, role) for n, role in enumerate(ROLES)}
    tokens = {role: _token(person) for role, person in people.items()}
    keepers = {OWN: cast.sunli, SIBLING: _keeper(SIBLING, 91), FOREIGN: _keeper(FOREIGN, 92)}
    projects = {OWN: cast.cuihu, SIBLING: cast.jingui, FOREIGN: cast.jiangnan}
    objects = {code: _records(projects[code], keepers[code]) for code in PROJECTS}
    follow(at=FINISHED)
    for project in projects.values():
        footing(project, NOW)
    for code, records in objects.items():
        records |= _visit(records, code)
    for code, records in objects.items():
        records |= _services(records, projects[code], keepers[code])
        records |= _outside(records, projects[code], keepers[code])
        records |= _group(records, keepers[code])
        records |= _learning(records, projects[code], keepers[code])
        records |= _majors(records, projects[code], keepers[code])
        records |= _archive(records, projects[code], keepers[code])
        records |= _registers(projects[code], keepers[code])
        records |= _figures(records, projects[code], keepers[code])
        records |= _statements(records, projects[code])
    for records, keeper in zip(objects.values(), keepers.values(), strict=True):
        records |= _prices(records, keeper)
        records |= _supervision(records, keeper)
    mine = {role: _personal(person, objects[OWN]["case"]) for role, person in people.items()}
    return World(cast, people, tokens, objects, mine)


def _person(n: int, role: str) -> Staff:
    staff = create_staff(
        username=f"walker-{role}", name=f"行者{n}", number=f"8{n:03}", password=PASSWORD
    )
    give_post(staff=staff, unit=OrgUnit.objects.get(code=PLACES[role]), role=role, at=FOUNDED)
    return staff


def _token(person: Staff) -> str:
    """With every right: what it may do is then what its person may."""
    place = person.posts.get().unit
    unit = place.project or place.company or place
    return issue_token(name="走一遍", staff=person, unit=unit, rights=list(RIGHTS), at=FOUNDED)


def _keeper(code: str, number: int) -> Staff:
    staff = create_staff(
        username=f"keeper-{code}", name=f"金丝雀{code}", number=f"90{number}", password=PASSWORD
    )
    place = OrgUnit.objects.get(code=f"{code}-service")
    give_post(staff=staff, unit=place, role="cs_head", at=FOUNDED)
    return staff


def _records(project: OrgUnit, keeper: Staff) -> dict[str, Any]:
    word = f"金丝雀{project.code}"
    case, finished = _case(project, keeper, word), _finished(project, keeper, word)
    home = Unit.objects.filter(project=project).order_by("pk").last()
    assert home is not None
    customer = _customer(project, home, word)
    file = Attachment.objects.create(
        case=case, label=f"{word}.png", sha256=sha256(PNG).hexdigest(), size=len(PNG),
        media_type="image/png", by=keeper, at=OPENED,
    )  # fmt: skip
    return {
        "case": case.number, "contact": case.contact.number, "finished": finished.number,
        "file": file.pk, "home": home.pk, "building": home.building_id, "customer": customer.pk,
        "phone": customer.phones.get().pk, "occupancy": customer.occupancies.get().pk,
        "code": project.code,
        **_estate(project, keeper, word), **_organisation(project, keeper, word),
        **_rules(project, keeper, word), **_portal(case, home, keeper),
        **_phone(case, keeper, word),
        **_repairs(case, home, keeper, word),
        **_stores(case, keeper, word),
        **_money(case, home, keeper, word),
    }  # fmt: skip


def _phone(case: Case, keeper: Staff, word: str) -> dict[str, Any]:
    conflict = Conflict.objects.create(
        **_place(case.project), case=case, staff=keeper, key=word, act="note", order=case.number,
        data={"text": word}, phone_at=OPENED, happened=OPENED, at=OPENED, code="closed",
        sentence=word,
    )  # fmt: skip
    return {"conflict": conflict.pk}


def _portal(case: Case, home: Unit, keeper: Staff) -> dict[str, Any]:
    """The link and the code of one's own project open by the same word."""
    word = "walk" if case.project.code == OWN else f"walk-{case.project.code}"
    place = _place(case.project)
    link = CustomerLink.objects.create(
        **place, case=case, purpose="consent", digest=digest(word), issued_by=keeper,
        issued_at=OPENED, expires_at=moment("2026-12-20 10:00"),
    )  # fmt: skip
    code = BuildingCode.objects.create(
        **place, building=home.building, code=word, made_by=keeper, made_at=OPENED
    )
    return {"customer-link": link.pk, "building-code": code.pk}


def _money(case: Case, home: Unit, keeper: Staff, word: str) -> dict[str, Any]:
    """A charge, part of it paid and receipted, a refund asked for, and a bill."""
    by, line = scope_of(keeper, OPENED), [Line(word, "次", Decimal(1), Decimal("50.00"))]
    said: dict[str, Any] = {"title": word, "lines": line, "by": by, "at": OPENED}
    charged = charge(case=case, unit=home, collect="cash", **said)
    paid = take_payment(
        charges=[charged], amount=Decimal(20), method="cash", payer=word, by=by, at=OPENED
    )
    receipt = issue_receipt(payment=paid, by=by, at=OPENED)
    refund = ask_refund(
        payment=paid, charge=charged, amount=Decimal(5), reason=word, by=by, at=OPENED
    )
    charge(case=None, unit=home, collect="fee-bill", **said)
    (bill,) = run_bills(project=case.project, period="2026-11", kind="fee", by=None, at=OPENED)
    checkout = Checkout.objects.create(
        **_place(case.project), number=f"N-{case.project.code}-261119-001", provider="wechat",
        amount=Decimal(30), payer=word, by=keeper, at=OPENED,
    )  # fmt: skip
    return {
        "charge": charged.number, "payment": paid.number, "receipt": receipt.number,
        "refund": refund.number, "bill": bill.number, "checkout": checkout.number,
    }  # fmt: skip


def _stores(case: Case, keeper: Staff, word: str) -> dict[str, Any]:
    place, order = _place(case.project), f"W-{case.project.code}-261119-001"
    material = Material.objects.create(**place, code="SL-001", name=f"角阀 {word}", unit="只")
    room = Store.objects.create(**place, name=word)
    Stock.objects.create(store=room, material=material, quantity=Decimal(20))
    requisition = Requisition.objects.create(
        **place, number=f"M-{case.project.code}-261119-001", case=case, subject=order,
        engineer=keeper, asked_by=keeper, asked_at=OPENED,
    )  # fmt: skip
    requisition.lines.create(material=material, asked=Decimal(2))
    count = StockCount.objects.create(
        **place, number=f"I-{case.project.code}-261119-001", store=room, state="counted",
        counted_by=keeper, counted_at=OPENED,
    )  # fmt: skip
    return {
        "material": material.pk, "store": room.pk, "requisition": requisition.number,
        "drawn-order": order, "stock-count": count.number,
    }  # fmt: skip


def _repairs(case: Case, home: Unit, keeper: Staff, word: str) -> dict[str, Any]:
    """An order that holds nothing, somebody on duty for it, and a handover."""
    place, by = _place(case.project), scope_of(keeper, OPENED)
    order = issue(case=case, range="home", title=word, by=by, at=OPENED, mandatory=False)
    shop = _department(case.project, "engineering")
    fitter = create_staff(
        username=f"fitter-{case.project.code}", name=word, number=f"6{_digit(case.project)}",
        password=PASSWORD,
    )  # fmt: skip
    give_post(staff=fitter, unit=shop, role="engineer", at=FOUNDED)
    duty = Roster.objects.create(
        **place, department=shop, staff=fitter, starts_at=OPENED, ends_at=TOMORROW
    )
    check = HandoverCheck.objects.create(**place, unit=home, at=OPENED, by=keeper, with_whom=word)
    return {
        "order": order.number, "fitter": fitter.pk, "duty": duty.pk, "handover-check": check.pk,
    }  # fmt: skip


def _case(project: OrgUnit, keeper: Staff, word: str) -> Case:
    by = scope_of(keeper, OPENED)
    told = Told(
        text=f"投诉保洁不到位 {word}", name=word, phone=f"1371111000{_digit(project)}",
        address="1栋", facts={"kind": "complaint"}, ticks=["read-back"],
    )  # fmt: skip
    case = register(project=project, told=told, by=by, at=OPENED)
    lead, assist = (_department(project, function) for function in HANDED)
    dispatch(case=case, lead=lead, assist=[assist], by=by, at=OPENED)
    return accept(case=case, department=lead, by=by, at=OPENED)


def _finished(project: OrgUnit, keeper: Staff, word: str) -> Case:
    """Done, so that a return visit is due."""
    by = scope_of(keeper, OPENED)
    facts: dict[str, str | bool] = {"kind": "complaint", "cause": "class-3", "business": "security"}
    told = Told(
        text=f"投诉门岗 {word}", name=word, phone=f"1371111000{_digit(project)}", facts=facts,
        ticks=["read-back"],
    )  # fmt: skip
    case = register(project=project, told=told, by=by, at=OPENED)
    lead, assist = (_department(project, function) for function in HANDED)
    dispatch(case=case, lead=lead, assist=[assist], by=by, at=OPENED)
    note(case=case, by=by, at=FINISHED, text="核实过", tag="investigate")
    report_done(case=case, by=by, at=FINISHED, text="已经处理")
    return case


def _department(project: OrgUnit, function: str) -> OrgUnit:
    return OrgUnit.objects.get(project=project, function=function, kind="department")


def _digit(project: OrgUnit) -> int:
    return PROJECTS.index(project.code) + 1


def _customer(project: OrgUnit, home: Unit, word: str) -> Customer:
    customer = Customer.objects.create(**_place(project), name=word, care=word)
    Phone.objects.create(customer=customer, project=project, number=f"1371111000{_digit(project)}")
    Occupancy.objects.create(unit=home, customer=customer, relation="owner")
    return customer


def _place(project: OrgUnit) -> dict[str, Any]:
    return {"project": project, "company": project.company, "group": project.group}


def _estate(project: OrgUnit, keeper: Staff, word: str) -> dict[str, Any]:
    notice = BuildingNotice.objects.create(
        **_place(project), title=word, text=word, starts_at=OPENED, ends_at=TOMORROW,
        posted_by=keeper, posted_at=OPENED,
        building=Building.objects.filter(project=project).first(),
    )  # fmt: skip
    run = ImportRun.objects.create(
        **_place(project), by=keeper, at=OPENED, name=f"{word}.xlsx", file=f"{word}.xlsx",
        state="checked", error_file="errors.xlsx",
    )  # fmt: skip
    return {"notice": notice.pk, "import": run.pk}


def _organisation(project: OrgUnit, keeper: Staff, word: str) -> dict[str, Any]:
    colleague = create_staff(
        username=f"colleague-{project.code}", name=word, number=f"7{_digit(project)}",
        password=PASSWORD,
    )  # fmt: skip
    place = _department(project, "service")
    post = give_post(staff=colleague, unit=place, role="csr", at=FOUNDED)
    absence = record_absence(
        staff=colleague, starts_at=OPENED, ends_at=TOMORROW, deputy=None, reason=word
    )
    issue_token(name=word, staff=keeper, unit=project, rights=["case.view"], at=FOUNDED)
    token = ApiToken.objects.get(name=word)
    return {
        "org": project.pk, "department": place.pk, "staff": colleague.pk, "post": post.pk,
        "absence": absence.pk, "token": token.pk,
    }  # fmt: skip


def _rules(project: OrgUnit, keeper: Staff, word: str) -> dict[str, Any]:
    content = {"tz": "Asia/Shanghai", "hours": {"mon": [["09:00", "18:00"]]}}
    said: dict[str, Any] = {"unit": project, "content": content, "at": FOUNDED, "source": word}
    calendar = approve_calendar(
        calendar=propose_calendar(name=word, **said), by=keeper, at=moment("2026-11-20 09:00")
    )
    proposal = propose_calendar(name=f"{word}建议", **said)
    adoption = adopt(unit=project, regulation="service-centre", position=5, since=FINISHED)
    return {"calendar": calendar.pk, "proposal": proposal.pk, "adoption": adoption.pk}


def _visit(records: dict[str, Any], code: str) -> dict[str, Any]:
    visit = Case.objects.get(number=records["finished"]).visits.exclude(state="not-drawn").first()
    assert visit is not None, f"no visit was planned in {code}"
    item = VisitItem.objects.create(visit=visit, text=f"金丝雀{code}")
    return {"visit": visit.pk, "item": item.pk}


def _prices(records: dict[str, Any], keeper: Staff) -> dict[str, Any]:
    """A draft of prices, and a price told."""
    by, case = scope_of(keeper, NOW), Case.objects.get(number=records["case"])
    word = f"金丝雀{case.project.code}"
    edition = draft(project=case.project, kind="special", by=by, at=NOW)
    row = PriceRow("T01", word, "次", Decimal(5), Decimal(5), content=word)
    rewrite(edition=edition, rows=[row], by=by, at=NOW)
    line = QuoteLine(None, word, "次", Decimal(1), Decimal(5))
    told = quote(case=case, subject="", lines=[line], by=by, at=NOW)
    return {"edition": edition.pk, "quotation": told.number}


def _services(records: dict[str, Any], project: OrgUnit, keeper: Staff) -> dict[str, Any]:
    """An order with something in our keeping, a home that was let, mail that was fetched."""
    by, word = scope_of(keeper, NOW), f"金丝雀{project.code}"
    items = {i.code: i for i in seed_catalogue(project=project, by=by, at=NOW) if not i.paid}
    home = Unit.objects.get(pk=records["home"])
    case = Case.objects.get(number=records["case"])
    asked = order(case=case, item=items["04"], sub="产权", by=by, at=NOW)
    kept = take(order=asked, name=word, taken_from=word, by=by, at=NOW)
    wish = order(case=case, item=items["08"], sub="出租", details={"need": word}, by=by, at=NOW)
    mandate = open_mandate(
        order=wish, deal="rent", price=Decimal(3200), unit=home, by=by, at=NOW,
        owner=Customer.objects.get(pk=records["customer"]),
    )  # fmt: skip
    report = report_house(mandate=mandate, parts=[Part(word, "good")], by=by, at=NOW)
    rent = RentDue.objects.create(mandate=mandate, due_on=NOW.date(), amount=Decimal(3200))
    parcel = register_parcel(project=project, unit=home, person=word, by=by, at=NOW)
    signed = Kept("a.png", sha256(PNG).hexdigest(), len(PNG), "image/png")
    release(parcel=parcel, to=word, signature=signed, by=by, at=NOW)
    hours = set_hours(
        project=project, weekdays="12345", since=time(8), until=time(18), note=word, by=by, at=NOW
    )
    return {
        "sorder": asked.number, "kept": kept.pk, "service": items["04"].pk,
        "mandate": mandate.number, "hreport": report.pk, "rent": rent.pk, "parcel": parcel.number,
        "supply": hours.pk,
    }  # fmt: skip


def _outside(records: dict[str, Any], project: OrgUnit, keeper: Staff) -> dict[str, Any]:
    """A party outside, and a matter that is to be sent to it."""
    by, word = scope_of(keeper, NOW), f"金丝雀{project.code}"
    party = keep_party(project=project, name=word, kind="street", contact=word, by=by, at=NOW)
    case = Case.objects.get(number=records["case"])
    asked = open_referral(case=case, path="outside", party=party, problem=word, by=by, at=NOW)
    chart = Chart.objects.create(
        **_place(project), clause="S3-5-1", label=f"{word}.png", sha256=sha256(PNG).hexdigest(),
        size=len(PNG), media_type="image/png", at=NOW, by=keeper,
    )  # fmt: skip
    return {"party": party.pk, "referral": asked.number, "chart": chart.pk}


def _supervision(records: dict[str, Any], keeper: Staff) -> dict[str, Any]:
    """A question that waits for its answer."""
    by, case = scope_of(keeper, NOW), Case.objects.get(number=records["case"])
    word, due = f"金丝雀{case.project.code}", {"due": moment("2026-11-20 18:00")}
    asked = ask(case=case, kind="supervise", text=word, by=by, at=NOW, details=due)
    return {"matter": asked[0].number}


def _majors(records: dict[str, Any], project: OrgUnit, keeper: Staff) -> dict[str, Any]:
    """A major event with what it set in motion, a risk and a warning. The matrix is the company's:
    what stands for another project is another company's."""
    by, word = scope_of(keeper, NOW), f"金丝雀{project.code}"
    said: dict[str, Any] = {"by": by, "at": NOW}
    event = open_event(group=f"G-{project.code}", project=project, title=word, reason=word, **said)
    due = moment("2026-11-25 10:00")
    action = plan(event=event, text=word, owner=keeper, due_at=due, **said)
    risk = register_risk(
        unit=project, title=word, trigger=word, level="low", owner=keeper, plan=word, **said
    )
    warning = EarlyWarning.objects.create(
        **_place(project), case=Case.objects.get(number=records["case"]), rule="walk",
        regulation="walk", key=word, title=word, words=word, raised_at=NOW, due_at=due,
    )  # fmt: skip
    company = OrgUnit.objects.get(code="JXWY" if project.code == OWN else "AHWY")
    line = MatrixLine.objects.create(
        unit=company, grade="major", body=word, hours=2, what="notice", since=NOW, by=keeper
    )
    return {
        "event": event.number, "event-action": action.pk, "risk": risk.pk, "warning": warning.pk,
        "sending": event.sendings.all()[0].pk, "matrix-line": line.pk,
    }  # fmt: skip


def _learning(records: dict[str, Any], project: OrgUnit, keeper: Staff) -> dict[str, Any]:
    """A correction and a defect of the case that was handed on, a suggestion, and a list of
    residents."""
    by, word = scope_of(keeper, NOW), f"金丝雀{project.code}"
    case = Case.objects.get(number=records["case"])
    correction = propose_on(case=case, found=Found("other", word, word), by=by, at=NOW)
    defect = note_defect_on(case=case, part="fitting", defect=word, by=by, at=NOW)
    told = Told(text=f"建议 {word}", name=word, facts={"kind": "suggestion"}, ticks=["read-back"])
    wish = register(project=project, told=told, by=by, at=NOW)
    lead, assist = (_department(project, function) for function in HANDED)
    dispatch(case=wish, lead=lead, assist=[assist], by=by, at=NOW)
    keep(wish)
    roll = draw_up(project=project, kind="honour", year=2026, by=by, at=NOW)
    line = roll.lines.create(name=word, address=word)
    return {
        "correction": correction.number, "defect": defect.number, "suggestion": wish.number,
        "roll": roll.pk, "roll-line": line.pk,
    }  # fmt: skip


def _registers(project: OrgUnit, keeper: Staff) -> dict[str, Any]:
    """Something that was found, with its photo, waiting for who lost it; a Word file of it."""
    by, word = scope_of(keeper, NOW), f"金丝雀{project.code}"
    blank = Blank(project, form_in_force(project, "found-register", NOW))
    typed = {"on": "2026-11-20", "person": word, "place": word, "thing": word, "keeper": word}
    picture = Kept("a.png", sha256(PNG).hexdigest(), len(PNG), "image/png")
    record = begin(blank=blank, typed={**typed, "photos": [picture]}, complete=True, by=by, at=NOW)
    Record.objects.filter(pk=record.pk).update(department=_department(project, "engineering"))
    template = FormTemplate.objects.create(
        unit=project, form="found-register", sha256=picture.sha256, name=word, by=keeper, at=NOW
    )
    rows = [{"customer": word, "room": "1-1-101"}]
    plan = Blank(project, form_in_force(project, "visit-plan", NOW))
    visits = {"on": "2026-11-20", "month": "2026-11", "visits": rows}
    planned = begin(blank=plan, typed=visits, complete=True, by=by, at=NOW)
    return {
        "record": record.number, "record-file": record.files.get().pk,
        "form-template": template.pk, "visit-plan": planned.number,
    }  # fmt: skip


def _archive(records: dict[str, Any], project: OrgUnit, keeper: Staff) -> dict[str, Any]:
    """A folder whose time is over, on a list to be disposed of, a copy that waits for the
    engineers, and a call that nobody answered."""
    by, word = scope_of(keeper, NOW), f"金丝雀{project.code}"
    paper = Paper("record", f"record:{word}", word, text=word, months=1)
    filed = file_away(unit=project, paper=paper, at=FOUNDED, by=by)
    listed = propose_disposal(unit=project, folders=[filed], reason=word, by=by, at=NOW)
    deposit = Deposit.objects.create(
        **_place(project), subject=f"order:{word}:engineering", kind="order", title=word,
        keeper=_department(project, "engineering"), opened_at=OPENED,
    )  # fmt: skip
    call = Call.objects.create(
        **_place(project), key=word, caller=f"1371111000{_digit(project)}", at=OPENED,
        ended_at=FINISHED,
    )  # fmt: skip
    change = NumberChange.objects.create(
        **_place(project), order=word, customer_id=records["customer"], new="13900000999",
        found_at=OPENED,
    )  # fmt: skip
    return {
        "folder": filed.number, "disposal": listed.number, "deposit": deposit.pk, "call": call.pk,
        "number-change": change.pk,
    }  # fmt: skip


def _figures(records: dict[str, Any], project: OrgUnit, keeper: Staff) -> dict[str, Any]:
    """One record that a measure judged, which somebody would rather leave out; a month that was
    locked, and somebody who would have it otherwise."""
    word, month = f"金丝雀{project.code}", date(2026, 10, 1)
    about = {
        "measure": "customer-communication/complaint-closed", "record": f"case:{word}",
        "label": word,
    }  # fmt: skip
    Verdict.objects.create(
        **_place(project), **{**about, "record": f"visit:{word}"}, on=NOW, verdict="miss",
        judged_at=NOW,
    )  # fmt: skip
    verdict = Verdict.objects.create(
        **_place(project), **about, on=NOW, verdict="open", judged_at=NOW,
        case=Case.objects.get(number=records["case"]),
    )  # fmt: skip
    asked = {"reason": word, "asked_by": keeper, "asked_at": NOW}
    exclusion = Exclusion.objects.create(**_place(project), **about, **asked)
    MonthLock.objects.create(**_place(project), month=month, due_at=OPENED, at=OPENED)
    restated = Restatement.objects.create(
        **_place(project), number=f"GZ-{project.code}", month=month, **asked
    )
    return {"verdict": verdict.pk, "exclusion": exclusion.pk, "restatement": restated.number}


def _statements(records: dict[str, Any], project: OrgUnit) -> dict[str, Any]:
    """A statement that waits for who draws it up, with a measure and a recipient."""
    word = f"金丝雀{project.code}"
    rule = load("customer-communication").statement[0]
    text = {"kind": "text", "id": "summary", "title": word, "draft": word}
    row = Statement.objects.create(
        **_place(project), unit=project, number=f"B-{project.code}-1", title=word, rule=rule.id,
        regulation="customer-communication", law=rule.model_dump(mode="json"), period="2026-10",
        first=date(2026, 10, 1), last=date(2026, 10, 31), prepared_at=NOW, turn="cs_head",
        content={"sections": [text]},
    )  # fmt: skip
    delivery = row.deliveries.create(name=word, role="company_cs", unit=project.company)
    case = Case.objects.get(number=records["case"])
    action = row.actions.create(case=case, subject=word)
    return {"statement": row.number, "delivery": delivery.pk, "statement-action": action.pk}


def _group(records: dict[str, Any], keeper: Staff) -> dict[str, Any]:
    """A group of the one case that was handed on."""
    case = Case.objects.get(number=records["case"])
    by = scope_of(keeper, NOW)
    matter = open_matter(cases=[case], title=f"金丝雀{case.project.code}", by=by, at=NOW)
    return {"group": matter.number}


def _personal(person: Staff, case: str) -> dict[str, int]:
    message = OutboxMessage.objects.create(
        event=f"walk:{person.pk}", staff=person, subject="走一遍", created_at=OPENED,
        not_before=OPENED, delivered_at=OPENED,
    )  # fmt: skip
    notice = Notice.objects.create(
        message=message, staff=person, subject="走一遍", url=f"/cases/{case}", at=OPENED
    )
    view = SavedView.objects.create(
        staff=person, page="board", name=f"行{person.pk}", query="of=mine"
    )
    return {"message": notice.pk, "view": view.pk}
