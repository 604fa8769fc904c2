"""The journal of a case in words: what happened, who, when it happened and when it was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from shouwen.accounts.rights import ROLES
from shouwen.cases.models import Attachment, JournalEntry
from shouwen.cases.standing import Standing
from shouwen.rules.intake import DETAILS, wanted
from shouwen.rules.journal import ANSWERED, ASKED, HANDED, VERBS
from shouwen.rules.matters import details_in as matter_details
from shouwen.rules.orders import RESULTS as ORDER_RESULTS
from shouwen.rules.vocabulary import NOTE_TAGS
from shouwen.web.pieces import FileLink

#: Typed later than it happened by more than so much: both times are shown.
TYPED_LATER = timedelta(minutes=5)
#: A longer text is folded after its beginning.
FOLDED = 400
TONES = {
    "opened": "info",
    "refused": "warn",
    "waiting": "warn",
    "reopened": "late",
    "urged": "warn",
    "done": "met",
    "fed-back": "met",
    "closed": "met",
    "voided": "late",
    "visit-missed": "late",
}
RESULTS = {
    "satisfied": "满意",
    "partly": "部分解决",
    "unsatisfied": "不满意",
    "ok": "通过",
    "not-ok": "不通过",
}
#: Done by nobody of ours, these are the customer's own, through a link or a code.
BY_CUSTOMER = frozenset({"opened", "rated", "consented", "declined", "service-confirmed"})
CHANNELS = {
    "phone": "电话",
    "visit": "当面",
    "home": "上门",
    "message": "短信或微信",
    "letter": "书面",
    "platform": "平台",
    "link": "客户链接",
}


@dataclass(frozen=True)
class Told:
    """One entry as the page shows it."""

    seq: int
    title: str
    at: datetime
    who: str
    note: str
    text: str
    tone: str
    tags: Sequence[str] = ()
    said_by: str = ""
    typed_at: datetime | None = None
    """When it was typed, where that was later than it happened."""
    files: Sequence[FileLink] = field(default_factory=list)

    @property
    def is_long(self) -> bool:
        return len(self.text) > FOLDED


def story(standing: Standing, files: Iterable[Attachment]) -> list[Told]:
    """Every entry in the order of recording."""
    words = _Words(standing)
    hung: dict[int | None, list[FileLink]] = {}
    for file in files:
        hung.setdefault(file.entry_id, []).append(file_link(file))
    return [_told(row, words, hung.get(row.pk, [])) for row in standing.rows]


def file_link(file: Attachment) -> FileLink:
    url = reverse("cases:file", args=[file.pk])
    is_picture = file.media_type.startswith("image/")
    return FileLink(file.label, url, file.size, url if is_picture else "")


def _told(row: JournalEntry, words: _Words, files: Sequence[FileLink]) -> Told:
    data: Mapping[str, Any] = row.data
    later = row.recorded_at - row.at > TYPED_LATER
    return Told(
        seq=row.seq,
        title=_title(row),
        at=row.at,
        who=_who(row),
        note=words.note(row.verb, data),
        text=str(data.get("text") or data.get("reason") or data.get("question") or ""),
        tone="late"
        if data.get("result") in ("unsatisfied", "partly", "not-ok")
        else TONES.get(row.verb, "neutral"),
        tags=_tags(data),
        said_by="" if row.verb == "opened" else row.said_by,
        typed_at=row.recorded_at if later else None,
        files=files,
    )


def _who(row: JournalEntry) -> str:
    """Who wrote it: one of us, the customer himself through a link or a code, or the system."""
    if row.by:
        return row.by.name
    by_customer = row.verb in BY_CUSTOMER or row.data.get("channel") == "link"
    return "客户" if by_customer else "系统"


def _title(row: JournalEntry) -> str:
    if row.verb == "noted" and row.data.get("tag") == "no-answer":
        return "没有联系上客户"
    if row.verb == "marked-urgent" and not row.data.get("urgent", True):
        return "不再紧急"
    if row.verb in (HANDED, ASKED):
        return str(row.data["title"])
    if row.verb == ANSWERED:
        return f"答复：{row.data['title']}"
    return VERBS[row.verb]


def _tags(data: Mapping[str, Any]) -> list[str]:
    tag = str(data.get("tag") or "")
    words = [NOTE_TAGS.get(tag, "")]
    words.append("已签字" if data.get("signed") else "")
    return [word for word in words if word]


class _Words:
    """What stands behind the title: departments, people and values by their names."""

    def __init__(self, standing: Standing) -> None:
        self.standing = standing
        self.shown: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
            "dispatched": self._dispatched,
            "accepted": self._department,
            "refused": self._department,
            "part-done": self._department,
            "ruled": self._ruled,
            "transferred": lambda data: f"{self._unit(data['from'])} → {self._unit(data['to'])}",
            "assigned": self._person,
            "delegated": self._person,
            "owner-changed": self._person,
            "classified": self._facts,
            "opened": self._opened,
            "ticked": self._ticked,
            "detailed": lambda data: _pairs(DETAILS, data.get("details", {})),
            "promise-agreed": lambda data: f"改到 {_moment(data['until'])}",
            "waiting": self._waiting,
            "reported": _reported,
            "linked": lambda data: str(data["to"]),
            "merged": lambda data: f"并入 {data['into']}",
            "split": lambda data: f"拆出 {data['into']}",
            "absorbed": self._absorbed,
            "verified": lambda data: RESULTS.get(str(data.get("result")), ""),
            "quoted": lambda data: f"{data['total']} 元",
            "consented": lambda data: f"{data['total']} 元",
            "declined": lambda data: f"{data['total']} 元",
            "order-done": lambda data: ORDER_RESULTS.get(str(data.get("result")), ""),
            "order-sent": lambda data: str(data.get("name") or "待抢单"),
            "order-accepted": lambda data: str(data.get("name", "")),
            "order-paused": self._waiting,
            "order-ruled": lambda data: "退单成立" if data["refusal_stands"] else "退单不成立",
            "downgrade-asked": lambda data: self._facts({"facts": {"grade": data["to"]}}),
            "downgrade-ruled": lambda data: "同意降级" if data["approved"] else "不同意降级",
            "event-opened": lambda data: str(data["event"]),
            "grouped": lambda data: f"{data['group']} {data['title']}",
            "ungrouped": lambda data: str(data["group"]),
            "speaker-named": self._person,
            "handed": lambda data: f"{data['from']} → {data['to']}",
            "asked": _matter,
            "asked-answered": _matter,
            "matter-withdrawn": _matter,
            "urged": lambda data: "客户催办" if data.get("by_customer", True) else "内部督促",
        }

    def note(self, verb: str, data: Mapping[str, Any]) -> str:
        shown = self.shown.get(verb)
        words = shown(data) if shown else _how(data)
        return " · ".join(filter(None, (str(data.get("order") or ""), words)))

    def _unit(self, code: str) -> str:
        unit = self.standing.units.get(code)
        return unit.name if unit else code

    def _department(self, data: Mapping[str, Any]) -> str:
        return self._unit(data["department"])

    def _dispatched(self, data: Mapping[str, Any]) -> str:
        lead = data.get("lead", "")
        names = [
            f"{self._unit(code)}（{'主办' if code == lead else '协办'}）"
            for code in data["departments"]
        ]
        return "、".join([*names, *filter(None, [data.get("note", "")])])

    def _ruled(self, data: Mapping[str, Any]) -> str:
        name = self._unit(data["department"])
        if not data["refusal_stands"]:
            return f"退单不成立，由{name}办理"
        to = data.get("to", "")
        return f"退单成立，{name}退出" + (f"，改派{self._unit(to)}" if to else "")

    def _person(self, data: Mapping[str, Any]) -> str:
        return f"→ {data.get('name') or data.get('to', '')}"

    def _facts(self, data: Mapping[str, Any]) -> str:
        return "、".join(
            f"{title} {value}" for title, value in fact_names(self.standing, data.get("facts", {}))
        )

    def _opened(self, data: Mapping[str, Any]) -> str:
        heard = data.get("details", {}).get("heard_by", "")
        origin = data.get("split_from", "")
        return "，".join(
            filter(None, (f"{heard}听到" if heard else "", f"拆自 {origin}" if origin else ""))
        )

    def _ticked(self, data: Mapping[str, Any]) -> str:
        ticks, _details = wanted(self.standing.rulebook, self.standing.state.facts)
        titles = {tick: title for tick, title, _clause in ticks}
        return "、".join(titles.get(tick, tick) for tick in data.get("ticks", ()))

    def _waiting(self, data: Mapping[str, Any]) -> str:
        until = data.get("until")
        return f"{data['reason']}" + (f"，预计到 {_moment(until)}" if until else "")

    def _absorbed(self, data: Mapping[str, Any]) -> str:
        who = " ".join(filter(None, (data.get("address", ""), data.get("customer", ""))))
        return f"{data['case']} {who}".strip()


def fact_names(standing: Standing, facts: Mapping[str, str | bool]) -> list[tuple[str, str]]:
    """(axis, value) by their names, of those that an axis of the regulations knows."""
    named = []
    for axis_id, value in facts.items():
        known = standing.rulebook.axis(axis_id)
        if known and isinstance(value, str) and value:
            found = standing.rulebook.value(axis_id, value)
            named.append((known[1].title, found.name if found else value))
    return named


def _matter(data: Mapping[str, Any]) -> str:
    """What a question or its answer says besides its words."""
    return "，".join(f"{title} {value}" for title, value in matter_details(data, _moment))


def _how(data: Mapping[str, Any]) -> str:
    channel = str(data.get("channel") or "")
    result = str(data.get("result") or "")
    return "，".join(filter(None, (CHANNELS.get(channel, channel), RESULTS.get(result, result))))


def _pairs(names: Mapping[str, str], values: Mapping[str, Any]) -> str:
    """Which details were filled in; a phone is not shown in the story."""
    shown = (
        names.get(key, key) if key == "phone" else f"{names.get(key, key)} {value}"
        for key, value in values.items()
    )
    return "、".join(shown)


def _reported(data: Mapping[str, Any]) -> str:
    """The brand department is told; the next level is asked."""
    to = data.get("to", "")
    return "通知品牌部" if to == "brand" else f"请示{_role(to)}"


def _role(role: str) -> str:
    return ROLES[role].name if role in ROLES else ""


def _moment(text: Any) -> str:
    return f"{localtime(datetime.fromisoformat(str(text))):%m-%d %H:%M}"
