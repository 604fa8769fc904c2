"""A leak at 王女士's, and what the people of 翠湖花园 do about it, in few words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shouwen.accounts.models import Staff
from shouwen.accounts.scope import Scope, scope_of
from shouwen.adoption.actions import pin
from shouwen.adoption.queries import rulebook
from shouwen.cases.actions.intake import Told, register
from shouwen.cases.files import attach
from shouwen.cases.models import Attachment, Case
from shouwen.repairs.actions import issuing, working
from shouwen.repairs.models import WorkOrder
from tests.cast import Cast
from tests.conftest import MODEL_BACKEND
from tests.moments import moment
from tests.permissions_world import PNG

OPENED = moment("2026-11-19 09:12", "周四")
SENT = moment("2026-11-19 09:18", "周四")
THERE = moment("2026-11-19 09:40", "周四")
FINISHED = moment("2026-11-19 10:30", "周四")
EVENING = moment("2026-11-19 17:00", "周四")


@dataclass
class Shop:
    """What the people of 翠湖花园 do; who does it and when may be said otherwise."""

    cast: Cast

    def of(self, who: Staff, at: datetime = OPENED) -> Scope:
        return scope_of(who, at)

    def adopts(self, regulation: str) -> None:
        """翠湖花园 follows this regulation and no other."""
        self.cast.follows(regulation)

    def registers(
        self, text: str = "厨房水槽下面漏水", *, at: datetime = OPENED, **facts: str | bool
    ) -> Case:
        """李敏 hears 王女士 of 3栋2单元501."""
        wanted = [rule for _, rule in rulebook(pin(self.cast.cuihu, at).pk).all("intake")]
        said = Told(
            text=text, name="王女士", phone="13900000421", unit=self.cast.home,
            customer=self.cast.mswang, facts={"kind": "repair", **facts},
            ticks=[tick.id for rule in wanted for tick in rule.ticks],
            details={name: "问过了" for rule in wanted for name in rule.details},
        )  # fmt: skip
        return register(project=self.cast.cuihu, told=said, by=self.of(self.cast.limin, at), at=at)

    def issues(
        self, case: Case | None = None, *, at: datetime = OPENED, by: Staff | None = None,
        payer: str = "", **about: Any,
    ) -> WorkOrder:  # fmt: skip
        """李敏 writes an order for the case, or for a new leak; `payer` decides who pays."""
        case = case or self.registers(at=at)
        said = {"range": "home", "title": "更换角阀", "work_class": "small", **about}
        scope = self.of(by or self.cast.limin, at)
        order = issuing.issue(case=case, by=scope, at=at, **said)
        if payer:
            issuing.decide_payer(order=order, payer=payer, by=scope, at=at, reason="现场判断")
        return order

    def sends(
        self, order: WorkOrder, to: Staff | None = None, *, mode: str = "", at: datetime = SENT,
        by: Staff | None = None,
    ) -> WorkOrder:  # fmt: skip
        """刘强 sends it to 陈建国, or to whom or how it is said."""
        person = to or (None if mode in ("grab", "rotate") else self.cast.chenjianguo)
        scope = self.of(by or self.cast.liuqiang, at)
        return issuing.dispatch(order=order, to=person, mode=mode, by=scope, at=at)

    def goes(
        self, order: WorkOrder, *, who: Staff | None = None, at: datetime = THERE
    ) -> WorkOrder:
        """He departs and arrives."""
        by = self.of(who or self.cast.chenjianguo, at)
        working.depart(order=order, by=by, at=at)
        return working.arrive(order=order, by=by, at=at)

    def picture(self, case: Case, name: str = "照片.png", at: datetime = THERE) -> Attachment:
        upload = SimpleUploadedFile(name, PNG, content_type="image/png")
        return attach(upload=upload, by=self.of(self.cast.chenjianguo, at), at=at, case=case)

    def photographs(self, order: WorkOrder, stage: str = "after", at: datetime = THERE) -> None:
        by = self.of(self.cast.chenjianguo, at)
        working.photo(order=order, stage=stage, files=[self.picture(order.case)], by=by, at=at)

    def finishes(
        self, order: WorkOrder, *, who: Staff | None = None, at: datetime = FINISHED, **told: Any
    ) -> WorkOrder:
        """Done, photographed and signed by 王女士, unless something else is told."""
        by = self.of(who or self.cast.chenjianguo, at)
        signature = self.picture(order.case, "签名.png", at)
        whole: Mapping[str, Any] = {
            "text": "换了角阀，试水不漏", "signature": signature, "signed_name": "王女士",
            "scores": {"quality": 5, "attitude": 5}, "opinion": "满意", "phone": "13900000421",
        }  # fmt: skip
        self.photographs(order, at=at)
        return working.finish(order=order, by=by, at=at, **{**whole, **told})

    def sent(self, **about: Any) -> WorkOrder:
        return self.sends(self.issues(**about))

    def on_site(self, **about: Any) -> WorkOrder:
        return self.goes(self.sent(**about))

    def done(self, **about: Any) -> WorkOrder:
        about = {"payer": "company", **about}
        return self.finishes(self.on_site(**about))

    def verbs(self, case: Case) -> list[str]:
        return list(case.journal.order_by("seq").values_list("verb", flat=True))

    def client(self, who: Staff) -> Client:
        client = Client()
        client.force_login(who, backend=MODEL_BACKEND)
        return client


@pytest.fixture
def shop(cast: Cast) -> Shop:
    return Shop(cast)
