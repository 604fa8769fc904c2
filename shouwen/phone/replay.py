"""What was done without a signal, written in its order: each act once, and refused ones kept."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Q
from pydantic import ValidationError

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.actions.once import once
from shouwen.cases.models import Case
from shouwen.cases.people import people_for
from shouwen.estate.queries import place_of
from shouwen.notify.actions import tell
from shouwen.phone.acts import ACTS, word_of
from shouwen.phone.doing import Doing
from shouwen.phone.files import missing
from shouwen.phone.models import Conflict
from shouwen.phone.said import Act, Batch, Nothing
from shouwen.rules.refused import Refused

log = logging.getLogger(__name__)

#: A phone whose clock differs less from ours is believed to the second.
TRUSTED = timedelta(minutes=2)


def replay(
    batch: Batch, *, by: Scope, project: OrgUnit | None, at: datetime
) -> list[dict[str, Any]]:
    """The answer to each act, in the order of the phone."""
    wrong = at - batch.now
    shift = wrong if abs(wrong) > TRUSTED else timedelta()
    return [_answer(raw, by, project, at, shift) for raw in batch.acts]


def _answer(
    raw: dict[str, Any], by: Scope, project: OrgUnit | None, at: datetime, shift: timedelta
) -> dict[str, Any]:
    try:
        act = Act.model_validate(raw)
    except ValidationError as error:
        return {"key": raw.get("key"), "refused": _said(_as_refused(error))}
    return Replay(act, by, project, at, min(act.at + shift, at)).answer()


@dataclass(frozen=True)
class Replay:
    """One act: written, or refused and kept as a conflict, in one transaction with its answer."""

    act: Act
    by: Scope
    project: OrgUnit | None
    at: datetime
    happened: datetime

    def answer(self) -> dict[str, Any]:
        """`ok`, `refused` with its sentence, or `missing` files, after which it is sent again."""
        try:
            _, answer = once(
                actor=self.by.staff.number,
                key=f"phone:{self.act.key}",
                request=self.act.model_dump(mode="json"),
                at=self.at,
                act=self._judge,
            )
        except _FilesMissing as wanted:
            answer = {"missing": wanted.hashes}
        except Refused as refused:  # the key was used for something else
            answer = {"refused": _said(refused)}
        return {"key": self.act.key, **answer}

    def _judge(self) -> tuple[int, dict[str, Any]]:
        try:
            with transaction.atomic():
                self._write()
        except (Refused, ValidationError) as error:
            return self._refuse(_as_refused(error))
        except (_FilesMissing, OperationalError):
            raise  # to be sent again
        except Exception:  # what we cannot do must not hold up what was done after it
            log.exception("act %s of a phone failed", self.act.act)
            return self._refuse(_FAILED)
        return HTTPStatus.OK, {"ok": True}

    def _write(self) -> None:
        doable = ACTS.get(self.act.act)
        if doable is None:
            raise Refused("unknown-act", "这一步系统不认识，请更新手机上的程序。")
        data = doable.data.model_validate(self.act.data)
        self._require_files(data)
        doing = Doing(self.by, self.act.order, self.project, self.at, self.happened)
        doable.do(doing, data)

    def _require_files(self, data: Nothing) -> None:
        wanted = missing(self.by.staff, data.hashes())
        if wanted:
            raise _FilesMissing(wanted)

    def _refuse(self, refused: Refused) -> tuple[int, dict[str, Any]]:
        """Shown on the phone until it is put away, and told to whoever hands out the work."""
        case = self._case()
        place = case.project if case else self.project
        if place is not None:
            conflict = self._keep(refused, case, place)
            self._tell(conflict)
        return HTTPStatus.CONFLICT, {"refused": _said(refused)}

    def _keep(self, refused: Refused, case: Case | None, place: OrgUnit) -> Conflict:
        return Conflict.objects.create(
            **place_of(place),
            staff=self.by.staff,
            key=self.act.key,
            act=self.act.act[:20],
            order=self.act.order,
            case=case,
            data=_without_nul(self.act.data),
            phone_at=self.act.at,
            happened=self.happened,
            at=self.at,
            code=refused.code,
            sentence=refused.sentence[:300],
            clause=refused.clause,
        )

    def _case(self) -> Case | None:
        """What it was about, as far as this person works there at all: it may be in other hands by
        now."""
        number = self.act.order
        found = Case.objects.filter(Q(number=number) | Q(orders__number=number))
        case = found.select_related("project").first() if number else None
        return case if case and self.by.can("case.work", case.project) else None

    def _tell(self, conflict: Conflict) -> None:
        if conflict.case is None:
            return
        tell(
            people=people_for("owner", conflict.case, self.at),
            event=f"phone:{conflict.staff_id}:{conflict.key}",
            at=self.at,
            subject=f"手机记录没能写入：{conflict.order} {word_of(conflict.act)}",
            body=f"{self.by.staff.name}：{conflict.sentence}",
            url="/phone/conflicts",
        )


class _FilesMissing(Exception):
    """Raised through `once`, so that the key stays free."""

    def __init__(self, hashes: list[str]) -> None:
        super().__init__(hashes)
        self.hashes = hashes


_FAILED = Refused("failed", "系统没能写入这一步，已经报告；请到单上核对后补做。")


def _as_refused(error: Refused | ValidationError) -> Refused:
    if isinstance(error, Refused):
        return error
    where = "、".join(".".join(map(str, each["loc"])) for each in error.errors())
    return Refused("bad-act", f"这一步的内容不完整（{where}），请核对后重做。")


def _without_nul(value: Any) -> Any:
    """PostgreSQL keeps none, and what was refused is kept all the same."""
    if isinstance(value, dict):
        return {name: _without_nul(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_without_nul(each) for each in value]
    return value.replace("\x00", "") if isinstance(value, str) else value


def _said(refused: Refused) -> dict[str, str]:
    return {"code": refused.code, "sentence": refused.sentence, "clause": refused.clause}
