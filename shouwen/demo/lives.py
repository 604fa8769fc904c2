"""How ordinary matters go, from the first word to the return visit."""

from __future__ import annotations

from datetime import timedelta

from shouwen.accounts.scope import Scope
from shouwen.cases.actions.closing import reopen
from shouwen.cases.actions.intake import answer_at_once
from shouwen.demo import orders, served
from shouwen.demo.matters import inquiries
from shouwen.demo.timeline import ROUND, Life
from shouwen.demo.walk import Walk
from shouwen.followup.actions.recording import Answer, attempt, record
from shouwen.followup.models import Visit
from shouwen.followup.queries import handlers_of, rule_of

#: Of a hundred, so many go so.
SLOW, REFUSED, TRANSFERRED, WAITS, URGED = 0.07, 0.04, 0.04, 0.12, 0.08
NOT_DISPATCHED_AT_NIGHT = 0.7
NOBODY_ANSWERS, UNSATISFIED, PARTLY, LATE_VISIT = 0.15, 0.06, 0.05, 0.06
REOPENED_BY_CALL = 0.03
A_LITTLE = ROUND + timedelta(minutes=10)
OTHER = {"engineering": "environment", "environment": "engineering", "security": "environment"}


def answered(walk: Walk) -> Life:
    """Asked and answered in the same call: no case."""
    question, answer = walk.rng.choice(inquiries())
    desk = walk.by(walk.company.at_desk(walk.project, walk.at, walk.rng))
    told = walk.told(text=question, facts={"kind": "inquiry"}, address=walk.home.unit.label)
    answer_at_once(project=walk.project, told=told, answer=answer, by=desk, at=walk.at)
    yield from ()


def ordinary(walk: Walk) -> Life:
    """Any matter of the book, as its kind goes."""
    walk.register()
    if walk.matter.kind == "special-service":
        served.offered(walk)
    yield from _lived(walk)


def _lived(walk: Walk) -> Life:
    if walk.matter.kind == "complaint":
        yield from complaint(walk)
    elif walk.matter.lead:
        yield from handed_over(walk)
    else:
        yield from settled_at_desk(walk)
    yield from visited(walk)


def settled_at_desk(walk: Walk) -> Life:
    yield walk.by_day(30, 240)
    walk.done(by=walk.desk)
    yield walk.by_day(5, 60)
    walk.feed_back()
    yield walk.by_day(20, 200)
    walk.close()


def handed_over(walk: Walk) -> Life:
    """Dispatched, worked on, checked, fed back, closed."""
    if (
        not walk.matter.urgent
        and walk.case.facts.get("night")
        and walk.chance(NOT_DISPATCHED_AT_NIGHT)
    ):
        yield walk.by_day(5, 30)
    else:
        yield walk.after(*((1, 3) if walk.matter.urgent else _pace(walk, (2, 8), (11, 25))))
    walk.dispatch()
    yield from taken(walk)
    if walk.matter.kind == "special-service":
        yield from served.served(walk)
    elif fix := orders.fix_of(walk):
        yield from orders.repaired(walk, fix)
    else:
        yield from worked(walk)
    yield from wound_up(walk)


def complaint(walk: Walk) -> Life:
    yield walk.by_day(*_pace(walk, (8, 40), (70, 150)))
    walk.contact(tag="soothe" if walk.chance(0.3) else "")
    yield walk.by_day(3, 20)
    walk.dispatch()
    yield from taken(walk)
    if walk.end_of_day() - walk.at < timedelta(hours=7) or walk.chance(0.15):
        yield walk.by_day(5, 40)
        until = walk.end_of_day() + timedelta(hours=walk.rng.choice((10, 12, 18)))
        walk.agree(until, "当天查不完，约好次日答复")
    yield from worked(walk)
    yield from wound_up(walk)


def taken(walk: Walk) -> Life:
    """The department takes it; sometimes it says that it is not theirs."""
    lead = walk.matter.lead
    if lead in OTHER and not walk.matter.urgent and walk.chance(REFUSED):
        yield walk.by_day(5, 40)
        walk.refuse()
        yield walk.by_day(20, 90)
        walk.rule(OTHER[lead] if walk.chance(0.4) and walk.matter.kind != "repair" else "")
        walk.choose_hand()
        if walk.case.status == "accepted":
            return
    elif lead in OTHER and not walk.matter.urgent and walk.chance(TRANSFERRED):
        yield walk.by_day(10, 40)
        walk.transfer(OTHER[lead])
    if walk.matter.urgent:
        yield walk.after(1, 4)
    else:
        yield walk.by_day(*_pace(walk, (3, 30), (65, 140)))
    walk.accept()


def worked(walk: Walk) -> Life:
    """The work itself, with what delays it."""
    if walk.matter.kind == "repair":
        yield walk.after(*_pace(walk, (3, 20), (50, 100)))
        walk.contact(by=walk.by(walk.hand))
        if walk.chance(0.3):
            walk.assign()
        if walk.matter.urgent or walk.chance(0.6):
            yield walk.after(*((5, 18) if walk.matter.urgent else (15, 60)))
            walk.arrive()
    elif walk.matter.urgent:
        yield walk.after(5, 20)
        walk.arrive()
    may_wait = not walk.matter.urgent and walk.matter.kind != "complaint"
    if walk.matter.slow or (may_wait and walk.chance(WAITS)):
        yield from waited(walk)
    elif walk.chance(URGED):
        yield walk.by_day(60, 150)
        walk.urge()
    yield from finished(walk)


def waited(walk: Walk) -> Life:
    yield walk.by_day(20, 60)
    days = walk.rng.choice((1, 1, 2, 3))
    until = walk.end_of_day() + timedelta(days=days - 1, hours=10)
    walk.wait(until)
    yield walk.by_day(15, 120)
    walk.approve_wait()
    if walk.chance(0.6):
        walk.agree(until + timedelta(hours=8), "告知等待原因，约好这一天修好")
    yield walk.until(until - timedelta(minutes=walk.rng.uniform(10, 50)))
    walk.resume()


def finished(walk: Walk) -> Life:
    yield walk.after(*((20, 70) if walk.matter.urgent else (30, 150)))
    walk.done()
    for part in walk.case.parts.filter(lead=False, state="sent").select_related("department"):
        walk.part_done(part.department)


def wound_up(walk: Walk) -> Life:
    """Checked where it must be, told to the customer, classed, closed."""
    if walk.matter.kind == "repair" and not walk.verified():
        yield walk.by_day(5, 90)
        walk.verify()
    yield walk.by_day(5, 60)
    walk.feed_back()
    if walk.matter.kind == "complaint":
        yield walk.by_day(20, 180)
        judge(walk)
    if walk.chance(0.8):
        yield walk.by_day(15, 240)
        walk.close()


def judge(walk: Walk) -> None:
    """Whether we were to blame, and how grave it was: who leads customer service says so."""
    if walk.case.facts.get("validity"):
        return
    facts: dict[str, str | bool] = {"validity": "valid", "grade": "general"}
    if grade := walk.case.facts.get("grade"):
        facts["grade"] = grade
    elif walk.chance(0.2):
        facts |= {"validity": "invalid", "invalid_type": "inquiry"}
    walk.classify(facts, walk.role("cs_head"), "核对记录和照片后认定")


# --- after the work -------------------------------------------------------------------------------


def visited(walk: Walk) -> Life:
    """Every visit that was drawn, mostly in time; who is not satisfied gets another round."""
    done_at = walk.case.done_at or walk.at
    yield walk.until(done_at + A_LITTLE)
    if walk.chance(REOPENED_BY_CALL) and walk.case.status == "closed":
        yield walk.by_day(600, 4000)
        yield from called_again(walk)
        return
    for visit in planned(walk):
        yield from one_visit(walk, visit)
        if walk.case.round > visit.round:
            yield from again(walk)
            return
    if walk.case.status == "fed-back":
        yield walk.by_day(10, 90)
        walk.close()


def planned(walk: Walk) -> list[Visit]:
    rows = Visit.objects.filter(case=walk.case, round=walk.case.round, state=Visit.State.PLANNED)
    return list(rows.order_by("pk"))


def one_visit(walk: Walk, visit: Visit, result: str = "") -> Life:
    """At some time in its window; the first try may reach nobody, and some come too late."""
    open_for = (visit.due_at - walk.at) / timedelta(minutes=1)
    yield walk.by_day(0, max(open_for * 0.7, 60))
    if walk.chance(NOBODY_ANSWERS) and is_planned(visit):
        attempt(
            visit=visit, by=visitor(walk, visit), at=walk.at, outcome="no-answer", note="响铃无人接"
        )
        yield walk.by_day(90, 600)
    if walk.chance(LATE_VISIT):
        yield walk.until(visit.due_at)
        yield walk.by_day(60, 900)
    ask(walk, visit, result)


def ask(walk: Walk, visit: Visit, result: str = "") -> None:
    """The visit itself, unless it was called off meanwhile."""
    if is_planned(visit):
        answer = _answer(walk, visit, result)
        record(visit=visit, answer=answer, by=visitor(walk, visit), at=walk.at)
        walk.case.refresh_from_db()


def is_planned(visit: Visit) -> bool:
    visit.refresh_from_db()
    return visit.state == Visit.State.PLANNED and visit.case.round == visit.round


def visitor(walk: Walk, visit: Visit) -> Scope:
    """Who was named, or, when that person is away, somebody else whom the rule allows."""
    roles, handlers = rule_of(visit).by, handlers_of(visit)
    named = visit.visitors.order_by("number")
    others = [walk.role(role).staff for role in roles]
    clerks = walk.company.posts["csr", f"{walk.project.code}-service"] if "csr" in roles else []
    for person in walk.company.here([*named, *clerks, *others], walk.at):
        fits = set(walk.by(person).roles(walk.project)) & set(roles)
        if fits and person.number not in handlers:
            return walk.by(person)
    return walk.role(roles[0])


#: What customers say, and the mark that they give.
OPINIONS = {
    "unsatisfied": (("和之前一样，根本没解决", "答应的时间没有来人，还在漏"), 1),
    "partly": (("好了一半，还差收尾", "人来了，垃圾没有带走"), 3),
    "satisfied": (("满意", "处理很快，谢谢", "可以", "师傅很客气", "已经好了"), 5),
}


def _answer(walk: Walk, visit: Visit, result: str) -> Answer:
    result = result or _mood(walk)
    words, mark = OPINIONS[result]
    opinion = walk.say(words)
    scores = {each.id: mark if each.kind == "score" else opinion for each in rule_of(visit).scores}
    return Answer(
        result=result, opinion=opinion, scores=scores, spoken_to=walk.home.customer.name,
        mode=walk.rng.choices(("phone", "home"), (85, 15))[0],
    )  # fmt: skip


def _mood(walk: Walk) -> str:
    """Nobody is disappointed twice."""
    if walk.case.round > 1 or not walk.chance(UNSATISFIED + PARTLY):
        return "satisfied"
    return "unsatisfied" if walk.chance(UNSATISFIED / (UNSATISFIED + PARTLY)) else "partly"


def called_again(walk: Walk) -> Life:
    """The customer calls after the closing: the same trouble again."""
    reopen(
        case=walk.case, by=walk.clerk(), at=walk.at, channel="电话",
        said_by=walk.home.customer.name,
        reason=walk.say(("又漏了，和上次同一个地方", "好了两天又和原来一样", "答应的事没有做到")),
    )  # fmt: skip
    yield from again(walk)


def again(walk: Walk) -> Life:
    """The next round: done better this time."""
    yield walk.by_day(3, 15)
    if walk.matter.lead:
        walk.dispatch()
        yield walk.by_day(3, 25)
        walk.accept()
        yield walk.by_day(5, 20)
        walk.contact("就未解决的部分再次联系，约好今天处理")
        yield from finished(walk)
        yield from wound_up(walk)
    else:
        yield from settled_at_desk(walk)
    yield from visited(walk)


def _pace(walk: Walk, usual: tuple[float, float], slow: tuple[float, float]) -> tuple[float, float]:
    return slow if walk.chance(SLOW) else usual
