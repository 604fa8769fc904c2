"""Who may what: one row for every page and every operation of the API.

A row says by which right its record is found (`sees`), which right is wanted on top (`right`), and
what stands in the address: the kinds of record of `permissions_world`, or plain words in quotes.
A route without a row fails `test_every_route_stands_in_the_table`: that row is its review.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ANYBODY = ""
GET, POST, BOTH = ("GET",), ("POST",), ("GET", "POST")
HEADS = "project_manager cs_head admin"
COMPANY = "company_cs company_leader hq_cs"


@dataclass(frozen=True)
class Row:
    """One page, or one operation."""

    name: str
    methods: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    """What fills the address: a kind of record, or "=words" as they are."""
    sees: str = ANYBODY
    """The right by which the record is found."""
    right: str = ANYBODY
    """The right that is wanted besides; without a record the only one."""
    body: Mapping[str, Any] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    """Where a role decides and not a right."""
    whole: bool = False
    """Not for narrow roles: they see single cases, not a project."""
    silent: bool = False
    """For what is not theirs it answers as for something with nothing in it."""

    @property
    def is_verb(self) -> bool:
        """One of the many verbs of a case, which are all found and refused alike."""
        return self.name in VERBS or self.name == "cases:verb"

    @property
    def records(self) -> tuple[str, ...]:
        return tuple(each for each in self.arguments if not each.startswith("="))


def row(
    name: str, methods: tuple[str, ...], arguments: str = "", sees: str = "", right: str = "", /,
    *, roles: str = "", whole: bool = False, silent: bool = False, **body: Any,
) -> Row:  # fmt: skip
    parts = tuple(arguments.split())
    return Row(name, methods, parts, sees, right, body, frozenset(roles.split()), whole, silent)


SEE, ESTATE, ORG, RULES = "case.view", "estate.view", "org.view", "regulation.view"
PRICES = "price.view"
STORES = "stores.view"

MONEY = "money.view"
WALKED = {"name": "走", "price": "1.00"}

#: Open to whoever has not signed in.
OPEN = {
    "accounts:sign-in", "portal:report", "portal:progress", "portal:offers", "portal:rate",
    "billing:notice",
}  # fmt: skip

WINDOW: dict[str, Any] = {
    "starts": "2026-11-21T10:00:00+08:00",
    "ends": "2026-11-21T12:00:00+08:00",
}
TRIED: dict[str, Any] = {"try-outcome": "no-answer"}

PAGES: tuple[Row, ...] = (
    # --- the desk and the contacts
    row("cases:home", GET),
    row("cases:desk", BOTH, "", "", "contact.register"),
    row("cases:desk-preview", POST, "", "", "contact.register"),
    row("cases:caller", GET, "", "", "contact.register"),
    row("cases:desk-saved", GET, "case", SEE),
    row("cases:desk-dispatch", POST, "case", SEE, "case.dispatch", lead="CH-service"),
    row("cases:contacts", GET, "", "", SEE),
    row("cases:contact-register", GET, "", "", SEE),
    row("cases:contact", GET, "contact", SEE),
    row("cases:contact-phone", POST, "contact", SEE, "personal.unmask"),
    row("cases:handover", GET, "", "", "contact.register"),
    row("cases:file", GET, "file", SEE),
    # --- lists
    row("cases:board", GET, "", "", SEE),
    row("cases:list", GET, "", "", SEE),
    row("cases:search", GET, "", "", SEE),
    row("cases:export", GET, "=list =csv", "", "export"),
    row("cases:views", BOTH, "", "", SEE, page="board", name="走", query=""),
    row("cases:view", POST, "view", do="default"),
    row("cases:stocktake", BOTH, "", "", "case.rule", notes="看过"),
    # --- a case
    row("cases:case", GET, "case", SEE),
    row("cases:phone", POST, "case", SEE, "personal.unmask"),
    row("cases:unit-panel", GET, "home", "", SEE, silent=True),
    row("cases:customer-history", GET, "customer", "", SEE, silent=True),
    row("cases:calendar-moves", BOTH, "calendar", RULES, "regulation.adopt"),
    # --- supervision
    row("supervision:matters", GET, "", "", SEE),
    row("supervision:patrol", BOTH, "", "", "contact.register"),
    row("supervision:regions", GET, "", "", SEE),
    row("supervision:guide", BOTH, "", "", "case.rule"),
    row("supervision:respond", POST, "", "", "case.rule"),
    row("supervision:panel", GET, "case", SEE),
    row("supervision:hand", BOTH, "case =up", SEE, "case.dispatch"),
    row("supervision:ask", BOTH, "case =supervise", SEE, "case.rule"),
    row("supervision:matter", GET, "matter", SEE),
    row("supervision:matter", POST, "matter", SEE, "case.work"),
    row("supervision:withdraw", BOTH, "matter", SEE),
    # --- learning
    row("learning:corrections", GET, "", "", SEE),
    row("learning:bring-up", BOTH, "", "", "case.work"),
    row("learning:correction", GET, "correction", SEE),
    row("learning:correction-step", BOTH, "correction =review", SEE, "case.rule"),
    row("learning:panel", GET, "case", SEE),
    row("learning:on-case", BOTH, "case =correct", SEE, "case.rule"),
    row("learning:suggestions", GET, "", "", SEE),
    row("learning:suggestion-step", BOTH, "suggestion =decide", SEE, "case.rule"),
    row("learning:month", GET, "=csv", "", "export"),
    row("learning:rolls", GET, "", "", SEE, whole=True),
    row("learning:draw-up", BOTH, "", "", "case.rule"),
    row("learning:roll", GET, "roll", SEE, whole=True),
    row("learning:roll-step", BOTH, "roll =approve", SEE, "case.void"),
    row("learning:line-step", BOTH, "roll roll-line =award", SEE, "case.rule"),
    row("learning:praises", GET, "", "", SEE),
    row("learning:on-patrol", BOTH, "", "", "contact.register"),
    row("learning:typical", GET, "", "", SEE),
    row("learning:submit", BOTH, "", "", "case.rule"),
    row("learning:quality", GET, "", "", SEE),
    row("learning:note-defect", BOTH, "", "", "case.dispatch"),
    row("learning:defect-step", BOTH, "defect =send", SEE, "case.rule"),
    row("learning:archive", GET, "", "", SEE),
    # --- registers
    row("registers:registers", GET, "", "", SEE),
    row("registers:record", GET, "record", SEE),
    row("registers:file", GET, "record record-file", SEE),
    row("registers:step", BOTH, "record =replace", SEE, "case.rule"),
    row("registers:print", GET, "record =pdf", SEE),
    row("registers:print", GET, "record =docx", SEE),
    row("registers:form", GET, "=found-register", "", SEE),
    row("registers:fill", BOTH, "=found-register", "", "contact.register"),
    row("registers:export", GET, "=found-register =csv", "", "export"),
    row("registers:results", GET, "=conduct-inspection", "", SEE, whole=True),
    row("registers:blank", GET, "=found-register =pdf", "", SEE),
    row("registers:ledger", GET, "=found-register", "", SEE, whole=True),
    row("registers:templates", BOTH, "=found-register", "", "regulation.adopt"),
    row("registers:sample", GET, "=found-register form-template", "regulation.adopt"),
    row("registers:template", POST, "=found-register form-template =end", "regulation.adopt"),
    # --- duties and calls
    row("figures:duties", GET, "", "", SEE),
    row("figures:coverage", GET, "visit-plan", SEE, whole=True),
    row("registers:calls", GET, "", "", SEE),
    row("registers:call-number", POST, "call", SEE, "personal.unmask", whole=True),
    row("registers:call-back", BOTH, "call", SEE, "contact.register", whole=True),
    # --- statements: the roles that draw it up and that it is for are those of its rule
    row("statements:statements", GET, "", "", SEE, whole=True),
    row("statements:calendar", GET, "", "", SEE, whole=True),
    row("statements:statement", GET, "statement", SEE, whole=True),
    row("statements:paper", GET, "statement =xlsx", SEE, whole=True),
    row("statements:step", BOTH, "statement =submit", SEE, whole=True, roles="cs_head"),
    row("statements:report", BOTH, "statement statement-action", SEE, whole=True,
        roles="cs_head", progress="走"),
    row("statements:delivery-step", BOTH, "statement delivery =receive", SEE, whole=True,
        roles="company_cs"),
    # --- archive
    row("archive:folders", GET, "", "", SEE),
    row("archive:export", GET, "=csv", "", "export"),
    row("archive:folder", GET, "folder", SEE, whole=True),
    row("archive:folder-step", BOTH, "folder =lend", SEE, "case.close", whole=True),
    row("archive:deposits", GET, "", "", SEE),
    row("archive:deposit-step", BOTH, "deposit =hand", SEE, "case.work"),
    row("archive:disposals", GET, "", "", SEE, whole=True),
    row("archive:propose", BOTH, "", "", "case.close"),
    row("archive:disposal", GET, "disposal", SEE, whole=True),
    row("archive:decide", BOTH, "disposal", SEE, "case.void", whole=True),
    row("archive:numbers", GET, "", "", SEE, whole=True),
    row("archive:number-step", BOTH, "number-change =take", SEE, "estate.edit", whole=True),
    # --- return visits
    row("followup:visits", GET, "", "", SEE),
    row("followup:export", GET, "=csv", "", "export"),
    row("followup:coverage", GET, "", "", SEE, whole=True),
    row("followup:sample", GET, "=complaint-visit", "", SEE, whole=True),
    row("followup:draw", POST, "=complaint-visit", "", "visit.assign", whole=True, more="1"),
    row("followup:open-item", POST, "item", SEE, "contact.register"),
    row("followup:panel", GET, "case", SEE),
    row("followup:during", BOTH, "case", SEE, "visit.make"),
    row("followup:visit", GET, "visit", SEE),
    row("followup:visit", POST, "visit", SEE, "visit.make"),
    row("followup:attempt", POST, "visit", SEE, "visit.make", **TRIED),
    row("followup:visitors", POST, "visit", SEE, "visit.assign"),
    row("followup:plan", POST, "visit", SEE, "visit.assign"),
    row("followup:phone", POST, "visit", SEE, "personal.unmask"),
    row("followup:form", GET, "visit", SEE),
    # --- portal: whoever has the link or the code; then our side
    row("portal:report", GET, "=walk"),
    row("portal:progress", GET, "=walk"),
    row("portal:offers", GET, "=walk"),
    row("portal:rate", GET, "=walk =satisfied"),
    row("portal:panel", GET, "case", SEE),
    row("portal:issue", BOTH, "case", SEE, "case.feed-back", purpose="progress"),
    row("portal:revoke", POST, "customer-link", SEE, "case.feed-back"),
    row("portal:codes", GET, "", "", ESTATE),
    row("portal:make-code", BOTH, "building", ESTATE, "estate.edit", place="大堂"),
    row("portal:retire-code", POST, "building-code", ESTATE, "estate.edit"),
    row("portal:sheet", GET, "building-code", ESTATE),
    # --- pricing
    row("pricing:lists", GET, "", "", PRICES),
    row("pricing:find", GET, "", "", PRICES),
    row("pricing:draft", POST, "=repair", "", "price.edit"),
    row("pricing:edition", GET, "edition", PRICES),
    row("pricing:rows", BOTH, "edition", PRICES, "price.edit", text="T01 \t保洁\t次\t5"),
    row("pricing:submit", POST, "edition", PRICES, "price.edit", effective_from="2026-12-01"),
    row("pricing:approve", POST, "edition", PRICES, "price.approve"),
    row("pricing:send-back", POST, "edition", PRICES, "price.approve"),
    row("pricing:post", POST, "edition", PRICES, "price.edit", where="公告栏"),
    row("pricing:discard", POST, "edition", PRICES, "price.edit"),
    row("pricing:panel", GET, "case", SEE),
    row("pricing:quote", BOTH, "case", SEE, "case.work"),
    row("pricing:consent", BOTH, "quotation", PRICES, "case.work", name="王女士", means="call"),
    row("pricing:decline", BOTH, "quotation", PRICES, "case.work", reason="太贵"),
    # --- repairs
    row("repairs:orders", GET, "", "", SEE),
    row("repairs:export", GET, "=csv", "", "export"),
    row("repairs:register", GET, "=daily", "", SEE),
    row("repairs:register-export", GET, "=daily =csv", "", "export"),
    row("repairs:panel", GET, "case", SEE),
    row("repairs:new", BOTH, "case", SEE, "case.dispatch", range="home", title="走"),
    row("repairs:order", GET, "order", SEE),
    row("repairs:phone", POST, "order", SEE, "personal.unmask"),
    row("repairs:verb", BOTH, "order =decide-payer", SEE, "case.work", payer="owner"),
    row("repairs:roster", BOTH, "", "", "case.verify"),
    row("repairs:off-duty", POST, "duty", "case.verify"),
    row("repairs:skills", BOTH, "fitter", "case.verify"),
    row("repairs:handovers", BOTH, "", "", "case.dispatch", room="1-101"),
    row("repairs:handover", GET, "handover-check", "case.dispatch"),
    row("repairs:patrols", GET, "", "", "contact.register"),
    row("repairs:patrol", BOTH, "=public-areas", "", "contact.register"),
    # --- figures
    row("figures:figures", GET, "", "", SEE, whole=True),
    row("figures:figure", GET, "code =2026-11 =customer-communication =complaint-closed", SEE,
        whole=True),
    row("figures:export", GET, "code =2026-11 =customer-communication =complaint-closed =csv",
        SEE, "export", whole=True),
    row("figures:months", GET, "", "", SEE, whole=True),
    row("figures:month", GET, "code =2026-10", SEE, whole=True),
    row("figures:lock", BOTH, "code =2026-09", SEE, "case.rule", whole=True),
    row("figures:restate", BOTH, "code =2026-10", SEE, "case.rule", whole=True, reason="走"),
    row("figures:restatement", GET, "restatement", SEE, whole=True),
    row("figures:restatement", POST, "restatement", SEE, "case.rule", whole=True, approve="yes"),
    row("figures:exclude", BOTH, "verdict", SEE, "case.work", whole=True, reason="走"),
    row("figures:exclusion", BOTH, "exclusion", SEE, "case.rule", whole=True, approve="yes"),
    # --- dashboards
    row("dashboards:today", GET, "", "", SEE, whole=True),
    row("dashboards:month", GET, "", "", SEE, whole=True),
    row("dashboards:trend", GET, "=customer-communication =complaint-closed", "", SEE, whole=True),
    row("dashboards:departments", GET, "", "", SEE, whole=True),
    row("dashboards:compare", GET, "", "", SEE, whole=True),
    row("dashboards:records", GET, "=open", "", SEE, whole=True),
    row("dashboards:export", GET, "=open =csv", "", "export", whole=True),
    row("dashboards:wall", GET, "", "", SEE, whole=True),
    # --- majors
    row("majors:events", GET, "", "", SEE),
    row("majors:panel", GET, "case", SEE),
    row("majors:case-step", BOTH, "case =judge", SEE, "case.classify"),
    row("majors:case-step", BOTH, "case =rule", SEE, "case.classify"),
    row("majors:case-step", BOTH, "case =lower", SEE, "case.classify"),
    row("majors:case-step", BOTH, "case =approve", SEE, "case.rule"),
    row("majors:case-step", BOTH, "case =event", SEE, "case.rule"),
    row("majors:case-step", BOTH, "case =resolve", SEE, "case.rule"),
    row("majors:case-step", BOTH, "case =press", SEE, "contact.register"),
    row("majors:case-step", BOTH, "case =speak", SEE),
    row("majors:event", GET, "event", SEE, whole=True),
    row("majors:event-step", BOTH, "event =report", SEE, "case.rule"),
    row("majors:event-step", BOTH, "event =plan", SEE, "case.rule"),
    row("majors:event-step", BOTH, "event =send", SEE, "case.rule", roles=COMPANY),
    row("majors:event-step", BOTH, "event =close", SEE, "case.rule", roles=COMPANY),
    row("majors:sending-step", BOTH, "event sending =tell", SEE, "case.rule"),
    row("majors:sending-step", BOTH, "event sending =receive", SEE, whole=True),
    row("majors:action-step", BOTH, "event event-action", SEE, "case.rule"),
    row("majors:matrix", GET, "", "", SEE),
    row("majors:matrix-new", BOTH, "", "", "case.rule", roles=COMPANY),
    row("majors:matrix-end", POST, "matrix-line", SEE, "case.rule", roles=COMPANY),
    row("majors:risks", GET, "", "", SEE),
    row("majors:risk-new", BOTH, "", "", "case.rule"),
    row("majors:risk", GET, "risk", SEE, whole=True),
    row("majors:risk-step", BOTH, "risk =drill", SEE, "case.rule"),
    row("majors:warnings", GET, "", "", SEE),
    row("majors:warning", GET, "warning", SEE, whole=True),
    row("majors:warning-respond", BOTH, "warning", SEE, "case.rule"),
    # --- groups
    row("groups:matters", GET, "", "", SEE),
    row("groups:offers", GET, "", "", "case.classify"),
    row("groups:open", BOTH, "", "", "case.classify", title="走", cases="@case"),
    row("groups:apart", POST, "", "", "case.classify", cases="@case"),
    row("groups:panel", GET, "case", SEE),
    row("groups:matter", GET, "group", SEE),
    row("groups:step", BOTH, "group =draft", SEE, "case.rule", text="走", measures="走"),
    row("groups:step", BOTH, "group =speaker", SEE, "case.rule"),
    row("groups:step", BOTH, "group =answer", SEE, "case.feed-back"),
    row("groups:step", BOTH, "group =leave", SEE, "case.classify"),
    # --- outside
    row("outside:referrals", GET, "", "", SEE),
    row("outside:referral", GET, "referral", SEE),
    row("outside:step", BOTH, "referral =send", SEE, "case.work", text="走"),
    row("outside:results", GET, "", "", SEE),
    row("outside:parties", GET, "", "", SEE),
    row("outside:add-party", BOTH, "", "", "case.rule"),
    row("outside:party", BOTH, "party", SEE, "case.rule"),
    row("outside:charts", GET, "", "", RULES),
    row("outside:chart", GET, "chart", RULES),
    row("outside:panel", GET, "case", SEE),
    row("outside:new", BOTH, "case", SEE, "case.work", path="outside"),
    row("outside:own", BOTH, "case =convert", SEE, "case.classify"),
    # --- services
    row("services:orders", GET, "", "", SEE),
    row("services:export", GET, "=csv", "", "export"),
    row("services:order", GET, "sorder", SEE),
    row("services:step", BOTH, "sorder =progress", SEE, "case.work"),
    row("services:give-back", BOTH, "sorder kept", SEE, "case.work"),
    row("services:month", GET, "", "", ESTATE),
    row("services:panel", GET, "case", SEE),
    row("services:new", BOTH, "case", SEE, "case.work", service="@service"),
    row("services:catalogue", GET, "", "", ESTATE),
    row("services:seed", POST, "", "", "service.manage"),
    row("services:partner", BOTH, "", "", "service.manage"),
    row("services:item", BOTH, "service", ESTATE, "service.manage"),
    row("services:hours", GET, "", "", ESTATE),
    row("services:add-hours", BOTH, "", "", "service.manage"),
    row("services:drop-hours", POST, "supply", ESTATE, "service.manage"),
    row("services:parcels", GET, "", "", ESTATE),
    row("services:register-parcel", BOTH, "", "", "case.feed-back"),
    row("services:parcel", GET, "parcel", ESTATE),
    row("services:signature", GET, "parcel", ESTATE),
    row("services:parcel-step", BOTH, "parcel =release", ESTATE, "case.feed-back"),
    row("services:mandates", GET, "", "", ESTATE),
    row("services:mandate", GET, "mandate", ESTATE),
    row("services:mandate-step", BOTH, "mandate =show", ESTATE, "case.feed-back"),
    row("services:issue-report", BOTH, "mandate hreport", ESTATE, "case.feed-back"),
    row("services:rent", BOTH, "mandate rent =receive", ESTATE, "money.take"),
    # --- papers
    row("papers:papers", GET, "", "", SEE),
    row("papers:scan", BOTH, "", "", "case.work"),
    row("papers:panel", GET, "case", SEE),
    row("papers:of", GET, "=repair-order order", SEE),
    row("papers:sheet", GET, "=repair-order order", SEE),
    row("papers:ledger", GET, "=daily-repairs code =2026-11", SEE, whole=True),
    # --- the inbox
    row("notify:inbox", GET),
    row("notify:count", GET),
    row("notify:read-all", POST),
    row("notify:open", POST, "message"),
    row("notify:read", POST, "message"),
    # --- the estate
    row("estate:units", GET, "", "", ESTATE),
    row("estate:unit", GET, "home", ESTATE),
    row("estate:edit-unit", BOTH, "home", ESTATE, "estate.edit"),
    row("estate:move-in", BOTH, "home", ESTATE, "estate.edit"),
    row("estate:move-out", BOTH, "occupancy", ESTATE, "estate.edit"),
    row("estate:add-building", BOTH, "", "", "estate.edit"),
    row("estate:rename-building", BOTH, "building", ESTATE, "estate.edit"),
    row("estate:add-unit", BOTH, "building", ESTATE, "estate.edit"),
    row("estate:customer", GET, "customer", ESTATE),
    row("estate:edit-customer", BOTH, "customer", ESTATE, "estate.edit"),
    row("estate:add-phone", BOTH, "customer", ESTATE, "estate.edit"),
    row("estate:remove-phone", POST, "phone", ESTATE, "estate.edit"),
    row("estate:reveal-phone", POST, "phone", ESTATE, "personal.unmask"),
    row("estate:notices", GET, "", "", ESTATE),
    row("estate:post-notice", BOTH, "", "", "estate.edit"),
    row("estate:withdraw-notice", POST, "notice", ESTATE, "estate.edit"),
    row("estate:imports", BOTH, "", "", "estate.import"),
    row("estate:import-template", GET, "", "", "estate.import"),
    row("estate:import-run", GET, "import", "estate.import"),
    row("estate:import-progress", GET, "import", "estate.import"),
    # before it is cancelled: a file that was removed does not come back with the rows
    row("estate:import-errors", GET, "import", "estate.import"),
    row("estate:confirm-import", POST, "import", "estate.import"),
    row("estate:cancel-import", POST, "import", "estate.import"),
    # --- regulations and calendars
    row("adoption:regulations", GET, "", "", RULES),
    row("adoption:compare", GET, "", "", RULES),
    row("adoption:regulation", GET, "=first-contact", "", RULES),
    row("adoption:rule", GET, "=first-contact =answer-at-once", "", RULES),
    row("adoption:clause", GET, "=first-contact =S0-H-1", "", RULES),
    row("adoption:in-force", GET, "", "", RULES),
    row("adoption:unit", GET, "org", RULES),
    row("adoption:adopt", BOTH, "org", RULES, "regulation.adopt"),
    row("adoption:times", GET, "org =service-centre", RULES),
    row("adoption:tighten", BOTH, "org =service-centre =first-feedback-24h", RULES,
        "regulation.adopt"),
    row("adoption:stop", POST, "adoption", RULES, "regulation.adopt"),
    row("adoption:calendars", GET, "", "", RULES),
    row("adoption:calendar", GET, "calendar", RULES),
    row("adoption:propose-calendar", BOTH, "org", RULES, "regulation.adopt"),
    row("adoption:revise-calendar", BOTH, "proposal", RULES, "regulation.adopt"),
    row("adoption:calendar-day", POST, "proposal", RULES, "regulation.adopt"),
    row("adoption:approve-calendar", POST, "proposal", RULES, "regulation.adopt"),
    row("adoption:discard-calendar", POST, "proposal", RULES, "regulation.adopt"),
    # --- phone
    row("phone:shell", GET),
    row("phone:manifest", GET),
    row("phone:worker", GET),
    row("phone:day", GET, "", "", "contact.register"),
    row("phone:sync", POST, "", "", "contact.register"),
    row("phone:files", POST, "", "", "contact.register"),
    row("phone:number", POST, "order", SEE, "personal.unmask"),
    row("phone:conflicts", GET, "", "", "case.dispatch"),
    row("phone:conflict", BOTH, "conflict", "case.dispatch"),
    # --- stores
    row("stores:stock", GET, "", "", STORES),
    row("stores:moves", GET, "", "", STORES),
    row("stores:own", GET, "", "", STORES),
    row("stores:store", GET, "store", STORES),
    row("stores:material", GET, "material", STORES),
    row("stores:requisitions", GET, "", "", STORES),
    row("stores:requisition", GET, "requisition", STORES),
    row("stores:requisition", POST, "requisition", STORES, "stores.issue"),
    row("stores:ask", BOTH, "", "", STORES),
    row("stores:acknowledge", POST, "requisition", STORES),
    row("stores:cancel", POST, "requisition", STORES),
    row("stores:reconcile", GET, "", "", STORES),
    row("stores:panel-of-order", GET, "drawn-order", "", STORES, silent=True),
    row("stores:counts", GET, "", "", STORES),
    row("stores:count", GET, "stock-count", STORES),
    row("stores:count", POST, "stock-count", STORES, "stores.manage"),
    row("stores:add-count", BOTH, "", "", "stores.issue"),
    row("stores:receive", BOTH, "", "", "stores.issue"),
    row("stores:transfer", BOTH, "", "", "stores.issue"),
    row("stores:return", BOTH, "", "", "stores.issue"),
    row("stores:add-store", BOTH, "", "", "stores.manage"),
    row("stores:add-material", BOTH, "", "", "stores.manage"),
    row("stores:edit-material", BOTH, "material", STORES, "stores.manage"),
    row("stores:import", BOTH, "", "", "stores.manage"),
    row("stores:import-confirm", POST, "", "", "stores.manage"),
    # --- billing
    row("billing:desk", GET, "", "", MONEY),
    row("billing:unit", GET, "home", MONEY),
    row("billing:unit", POST, "home", MONEY, "money.take"),
    row("billing:new-charge", BOTH, "home", MONEY, "money.take"),
    row("billing:clear", BOTH, "home", MONEY, "money.take"),
    row("billing:hand-over", POST, "home", MONEY, "money.take"),
    row("billing:scan", POST, "home", MONEY, "money.take"),
    row("billing:checkout", GET, "checkout", MONEY),
    row("billing:unit-panel", GET, "home", MONEY, silent=True),
    row("billing:panel", GET, "case", SEE),
    row("billing:charge", GET, "charge", MONEY),
    row("billing:charge-act", POST, "charge =write-off", MONEY, "money.take"),
    row("billing:payment", GET, "payment", MONEY),
    row("billing:payment-act", POST, "payment =refund", MONEY, "money.take"),
    row("billing:bills", GET, "", "", MONEY),
    row("billing:bills", POST, "", "", "money.bill"),
    row("billing:bill", GET, "bill", MONEY),
    row("billing:cash", GET, "", "", MONEY),
    row("billing:hand-in", POST, "", "", "money.take"),
    row("billing:count", POST, "", "", "money.take"),
    row("billing:settle", POST, "", "", "money.bill"),
    row("billing:approvals", GET, "", "", MONEY),
    row("billing:decide", POST, "=refund refund", MONEY, "money.approve"),
    row("billing:pay-out", POST, "refund", MONEY, "money.take"),
    row("billing:notice", GET, "=wechat =CH"),
    # --- the organisation
    row("accounts:sign-in", GET),
    row("accounts:sign-out", POST),
    row("accounts:password", BOTH),
    row("accounts:choose-project", POST, "org"),
    row("accounts:organisation", GET, "", "", ORG),
    row("accounts:unit", GET, "org", ORG),
    row("accounts:add-unit", BOTH, "org", "org.manage"),
    row("accounts:add-staff", BOTH, "org", "org.manage"),
    row("accounts:give-post", BOTH, "org", "org.manage"),
    row("accounts:end-post", POST, "post", "org.manage"),
    row("accounts:person", GET, "staff", ORG),
    row("accounts:deactivate", POST, "staff", ORG, "org.manage"),
    row("accounts:reset-password", POST, "staff", ORG, "org.manage", sure="on"),
    row("accounts:record-absence", BOTH, "staff", ORG, roles=HEADS),
    row("accounts:end-absence", POST, "absence", ORG, roles=HEADS),
    row("accounts:tokens", GET, "", "", "token.manage"),
    row("accounts:issue-token", BOTH, "", "", "token.manage"),
    row("accounts:revoke-token", POST, "token", "token.manage"),
    row("accounts:trace", GET, "", "", "audit.view"),
    row("web:patterns", GET),
)  # fmt: skip

#: The verbs of a case by the right that each needs; on pages /cases/…/verb and in the API alike.
VERBS: dict[str, str] = {
    verb: right
    for right, verbs in {
        "case.dispatch": "dispatch transfer merge split",
        "case.work": "accept refuse assign arrive contact-customer agree-promise note wait resume"
        " report-part-done report-done report-up tick add-details mark-urgent delegate hand-back"
        " link request-void",
        "case.rule": "rule approve-wait answer-question change-owner",
        "case.verify": "verify",
        "case.feed-back": "feed-back reply-to-sender",
        "case.close": "close reopen",
        "contact.register": "urge",
        "case.classify": "classify lower-urgency",
        "case.void": "decide-void",
    }.items()
    for verb in verbs.split()
}

#: Pages that are one view for all verbs.
VERB_PAGES: tuple[Row, ...] = (
    row("cases:verb", GET, "case =note", SEE, "case.work"),
    *(row("cases:verb", POST, f"case ={verb}", SEE, right) for verb, right in VERBS.items()),
)
#: Not a verb of its own there: the operation is told `urgent: false`.
PAGE_ONLY = {"lower-urgency"}

#: What verbs must be told to come as far as the question of right; "@kind" is one's own record,
#: "@mine" the department for which this person may act.
SAID: dict[str, dict[str, Any]] = {
    "accept": {"department": "@mine"},
    "refuse": {"department": "@mine"},
    "report-part-done": {"department": "@mine"},
    "merge": {"into": "@finished"},
    "link": {"other": "@finished"},
    "rule": {"department": "CH-engineering"},
    "transfer": {"to": "CH-security"},
    "dispatch": {"lead": "CH-security"},
    "assign": {"to": "71"},
    "delegate": {"to": "71"},
    "change-owner": {"to": "71"},
    "add-details": {"details": {"name": "走"}},
}

API: tuple[Row, ...] = (
    # --- billing
    row("list-charges", GET, "", "", MONEY),
    row("show-charge", GET, "charge", MONEY),
    row("show-payment", GET, "payment", MONEY),
    row("show-balance", GET, "home", MONEY),
    row("add-charge", POST, "", "", "money.take", unit="@home", title="走", lines=[WALKED]),
    row("add-payment", POST, "charge", MONEY, "money.take", amount="1", method="cash"),
    row("add-receipt", POST, "payment", MONEY, "money.take"),
    row("hand-over-receipt", POST, "receipt", MONEY, "money.take"),
    row("list-cases", GET, "", "", SEE),
    row("register", POST, "", "", "contact.register", project="CH"),
    row("show-case", GET, "case", SEE),
    row("show-journal", GET, "case", SEE),
    row("show-case-phone", POST, "case", SEE, "personal.unmask"),
    row("list-contacts", GET, "", "", SEE),
    row("answer-at-once", POST, "", "", "contact.register", project="CH"),
    row("show-contact", GET, "contact", SEE),
    row("show-contact-phone", POST, "contact", SEE, "personal.unmask"),
    row("list-commitments", GET, "", "", SEE),
    row("list-attachments", GET, "case", SEE),
    row("attach-to-case", POST, "case", SEE, "case.work", text="走"),
    row("show-attachment", GET, "file", SEE),
    row("open-case", POST, "contact", SEE, "contact.register"),
    row("attach-to-contact", POST, "contact", SEE, "contact.register"),
    *(row(verb, POST, "case", SEE, right, **SAID.get(verb, {})) for verb, right in VERBS.items()
      if verb not in PAGE_ONLY),
    row("list-groups", GET, "", "", SEE),
    row("show-group", GET, "group", SEE),
    row("list-alike", GET, "case", SEE),
    row("open-group", POST, "", "", "case.classify", title="走", cases=[]),
    row("join-group", POST, "group", SEE, "case.classify", cases=[]),
    row("leave-group", POST, "group", SEE, "case.classify", case="@case", why="走"),
    row("answer-group", POST, "group", SEE, "case.feed-back", text="走", channel="sms"),
    row("list-matters", GET, "", "", SEE),
    row("show-matter", GET, "matter", SEE),
    row("hand-over", POST, "case", SEE, "case.dispatch", text="请决定", reply_owed=False),
    row("ask-about", POST, "case", SEE, "case.work", kind="company", text="请示"),
    row("answer-matter", POST, "matter", SEE, "case.work", text="已办"),
    # --- majors
    row("show-grade", GET, "case", SEE),
    row("judge-grade", POST, "case", SEE, "case.classify", claim="1"),
    row("rule-grade", POST, "case", SEE, "case.classify", grade="major", reason="走"),
    row("ask-downgrade", POST, "case", SEE, "case.classify", grade="general", reason="走"),
    row("rule-downgrade", POST, "case", SEE, "case.rule", ok=True, reason="走"),
    row("list-majors", GET, "", "", SEE),
    row("show-major", GET, "event", SEE, whole=True),
    row("list-warnings", GET, "", "", SEE),
    # --- followup
    row("list-visits", GET, "", "", SEE),
    row("show-visit", GET, "visit", SEE),
    row("try-visit", POST, "visit", SEE, "visit.make"),
    row("record-visit", POST, "visit", SEE, "visit.make"),
    # --- services
    row("list-service-items", GET, "", "", ESTATE),
    row("list-service-orders", GET, "", "", SEE),
    row("show-service-order", GET, "sorder", SEE),
    row("order-service", POST, "case", SEE, "case.work", item="07"),
    row("start-service", POST, "sorder", SEE, "case.work"),
    row("finish-service", POST, "sorder", SEE, "case.work", result="已办好"),
    row("cancel-service", POST, "sorder", SEE, "case.work", reason="改期"),
    row("list-parcels", GET, "", "", ESTATE),
    row("register-parcel", POST, "", "", "case.feed-back", project="CH", room="1-1-101"),
    row("notify-parcel", POST, "parcel", ESTATE, "case.feed-back"),
    # --- learning
    row("list-corrections", GET, "", "", SEE),
    row("show-correction", GET, "correction", SEE),
    row("list-suggestions", GET, "", "", SEE),
    row("decide-suggestion", POST, "suggestion", SEE, "case.rule", decision="adopted"),
    # --- registers
    row("list-forms", GET, "", "", SEE, project="CH"),
    row("list-records", GET, "", "", SEE),
    row("show-record", GET, "record", SEE),
    row("fill-record", POST, "", "", "contact.register", project="CH", form="found-register"),
    row("sign-record", POST, "record", SEE, place="走"),
    row("void-record", POST, "record", SEE, "case.rule", text="走"),
    # --- figures
    row("list-figures", GET, "", "", SEE, whole=True, place="CH", period="2026-11"),
    row("show-figure", GET, "=customer-communication =complaint-closed", "", SEE, whole=True,
        place="CH", period="2026-11"),
    row("list-figure-records", GET, "=customer-communication =complaint-closed", "", SEE,
        whole=True, place="CH", period="2026-11"),
    # --- statements
    row("list-statements", GET, "", "", SEE, whole=True),
    row("show-statement", GET, "statement", SEE, whole=True),
    row("submit-statement", POST, "statement", SEE, whole=True, roles="cs_head"),
    row("check-statement", POST, "statement", SEE, whole=True),
    row("sign-statement", POST, "statement", SEE, whole=True),
    row("return-statement", POST, "statement", SEE, whole=True, reason="走"),
    row("receive-statement", POST, "statement delivery", SEE, whole=True),
    # --- archive
    row("list-folders", GET, "", "", SEE),
    row("show-folder", GET, "folder", SEE, whole=True),
    # --- outside
    row("list-parties", GET, "", "", SEE),
    row("list-referrals", GET, "", "", SEE),
    row("show-referral", GET, "referral", SEE),
    row("open-referral", POST, "case", SEE, "case.work", path="outside", party="@party",
        problem="走"),
    row("take-referral-step", POST, "referral =send", SEE, "case.work", text="走"),
    row("remind-party", POST, "referral", SEE, "case.work", text="走"),
    row("withdraw-referral", POST, "referral", SEE, "case.work", reason="走"),
    # --- repairs
    row("list-orders", GET, "", "", SEE),
    row("show-order", GET, "order", SEE),
    row("open-order", POST, "case", SEE, "case.dispatch", range="home", title="走"),
    row("decide-order-payer", POST, "order", SEE, "case.work", payer="owner"),
    row("dispatch-order", POST, "order", SEE, "case.dispatch", mode="grab"),
    row("accept-order", POST, "order", SEE, "case.work"),
    row("refuse-order", POST, "order", SEE, "case.work", reason="走"),
    row("rule-order", POST, "order", SEE, "case.dispatch", refusal_stands=True, reason="走"),
    row("appoint-order", POST, "order", SEE, "case.work", agreed_by="走", **WINDOW),
    row("depart-order", POST, "order", SEE, "case.work"),
    row("arrive-order", POST, "order", SEE, "case.work"),
    row("make-order-safe", POST, "order", SEE, "case.work", text="走"),
    row("pause-order", POST, "order", SEE, "case.work", reason="parts", text="走"),
    row("resume-order", POST, "order", SEE, "case.work"),
    row("photograph-order", POST, "order", SEE, "case.work", stage="after", files=[1]),
    row("finish-order", POST, "order", SEE, "case.work", text="走"),
    row("check-order", POST, "order", SEE, "case.verify", ok=True, opinion="走"),
    row("report-order", POST, "order", SEE, "case.work", text="走"),
    row("return-order-copy", POST, "order", SEE, "case.work"),
    row("cancel-order", POST, "order", SEE, "case.dispatch", reason="走"),
    # --- pricing
    row("list-prices", GET, "", "", PRICES, project="CH"),
    row("show-quotation", GET, "quotation", PRICES),
    row("quote-work", POST, "case", SEE, "case.work", lines=[WALKED]),
    row("consent-quotation", POST, "quotation", PRICES, "case.work", name="走", means="call"),
    row("decline-quotation", POST, "quotation", PRICES, "case.work", reason="走"),
    # --- stores
    row("list-materials", GET, "", "", STORES, q="角阀", project="CH"),
    row("list-requisitions", GET, "", "", STORES),
    row("show-requisition", GET, "requisition", STORES),
    row("ask-for-materials", POST, "", "", "case.work", case="@case", order="W-1",
        lines=[{"material": "SL-001", "quantity": "1"}]),
    row("issue-materials", POST, "requisition", STORES, "stores.issue",
        lines=[{"material": "SL-001", "quantity": "1"}]),
    row("find-units", GET, "", "", ESTATE, q="1-101", project="CH"),
    row("show-unit", GET, "home", ESTATE),
    row("find-customers", GET, "", "", ESTATE, q="王女士"),
    row("show-phone", POST, "phone", ESTATE, "personal.unmask"),
    row("list-projects", GET),
    row("list-departments", GET, "code"),
    row("list-notices", GET, "", "", SEE),
    row("read-notice", POST, "message", SEE),
)  # fmt: skip
#: Addresses of the API that no token is needed for, and those that are no operation.
API_OPEN = {"openapi-json", "api-root", "no_such_address"}
