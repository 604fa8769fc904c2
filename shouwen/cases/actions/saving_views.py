"""Filters that somebody keeps under a name."""

from __future__ import annotations

from django.db import transaction

from shouwen.accounts.models import Staff
from shouwen.cases.models import SavedView
from shouwen.rules.refused import Refused

#: More than these are no longer found in a row of tabs.
MOST = 30


def save_view(*, page: str, name: str, query: str, by: Staff) -> SavedView:
    """Keeps the filters; a view of that name on the page is replaced."""
    name = _name(name)
    own = SavedView.objects.filter(staff=by, page=page)
    with transaction.atomic():
        if own.exclude(name=name).count() >= MOST:
            raise Refused(
                "too-many-views", f"最多保存 {MOST} 个视图，请先删去不用的。", field="name"
            )
        view, _is_new = SavedView.objects.update_or_create(
            staff=by, page=page, name=name, defaults={"query": query}
        )
    return view


def rename_view(*, view: SavedView, name: str) -> None:
    name = _name(name)
    same = SavedView.objects.filter(staff=view.staff, page=view.page, name=name)
    if same.exclude(pk=view.pk).exists():
        raise Refused("name-taken", f"已经有一个叫“{name}”的视图，请换一个名称。", field="name")
    view.name = name
    view.save(update_fields=["name"])


def delete_view(*, view: SavedView) -> None:
    view.delete()


def choose_default(*, view: SavedView, default: bool) -> None:
    """What the page shows when nothing else is asked for; one of each page at most."""
    with transaction.atomic():
        SavedView.objects.filter(staff=view.staff, page=view.page).update(default=False)
        SavedView.objects.filter(pk=view.pk).update(default=default)


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refused("no-name", "请给视图起个名称。", field="name")
    if len(name) > 40:
        raise Refused("name-too-long", "名称最多 40 个字。", field="name")
    return name
