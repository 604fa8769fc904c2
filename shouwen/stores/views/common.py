"""What the pages of the stores do alike: who may what, one page of a list, done once."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.cases.actions.once import once
from shouwen.rules.refused import Refused
from shouwen.web.forms import add_refusal
from shouwen.web.pieces import Choice, Pager

PAGE = 50
#: The pages of the stores, in the order of their tabs.
TABS = (
    ("stores:stock", _("库存")),
    ("stores:requisitions", _("领料单")),
    ("stores:moves", _("进出")),
    ("stores:reconcile", _("对料")),
    ("stores:counts", _("盘点")),
)


def here(request: SignedInRequest, right: str = "stores.view") -> OrgUnit:
    """The current project, where the right must be held."""
    if request.project is None:
        raise Refused("no-project", "您还没有可以看的项目，请联系系统管理员。")
    request.scope.require(right, request.project)
    return request.project


def about_stores(request: SignedInRequest, project: OrgUnit, now: str = "") -> dict[str, Any]:
    """For the frame of these pages: the tabs, and what one may do."""
    return {
        "project": project,
        "tab": now,
        "tabs": [Choice(str(title), reverse(name), name == now) for name, title in TABS],
        "may_issue": request.scope.can("stores.issue", project),
        "may_manage": request.scope.can("stores.manage", project),
    }


def page_of(
    rows: QuerySet[Any], field: str, after: str, *, newest_first: bool = False
) -> tuple[list[Any], str]:
    """One page in the order of a unique field, which is an id where the newest come first; and the
    key of the next page ("" at the end)."""
    if after.isdecimal() or (after and not newest_first):
        rows = rows.filter(**{f"{field}__{'lt' if newest_first else 'gt'}": after})
    found = list(rows.order_by(f"{'-' if newest_first else ''}{field}")[: PAGE + 1])
    return found[:PAGE], str(_key(found[PAGE - 1], field)) if len(found) > PAGE else ""


def _key(row: Any, field: str) -> Any:
    return row[field] if isinstance(row, dict) else getattr(row, field)


def pager_of(request: SignedInRequest, more: str) -> Pager:
    """Back to the beginning, and on to the next page, with the filters of the address."""
    asked = request.GET.copy()
    begun = bool(asked.pop("after", None))
    newer = f"?{asked.urlencode()}" if begun else ""
    asked["after"] = more
    return Pager(newer=newer, older=f"?{asked.urlencode()}" if more else "")


class _Unfinished(Exception):
    """The form lacks something; raised through `once`, so that the key stays free."""


def done_once(
    request: SignedInRequest, form: forms.Form, what: str, act: Callable[[], object]
) -> bool:
    """Whether the form was sent, is right and its act was not refused. Once for its key: a double
    click, or a page sent again by the browser, finds it done."""
    if request.method != "POST":
        return False

    def tried() -> tuple[int, dict[str, Any]]:
        if not form.is_valid():
            raise _Unfinished
        act()
        return HTTPStatus.OK, {}

    try:
        once(
            actor=request.user.number,
            key=f"{what}:{request.POST.get('key') or form['key'].initial}"[:80],
            request=sorted((k, v) for k, v in request.POST.lists() if k != "csrfmiddlewaretoken"),
            at=request.at,
            act=tried,
        )
    except _Unfinished:
        return False
    except Refused as refused:
        if refused.code == "not-allowed":
            raise
        add_refusal(form, refused)
        return False
    return True
