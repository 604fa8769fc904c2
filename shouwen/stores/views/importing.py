"""The workbook of materials: uploaded, shown, confirmed. Between the two it lies with the imports,
and the page holds a signed word of where."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.models import OrgUnit
from shouwen.estate.forms import ImportForm
from shouwen.rules.refused import Refused
from shouwen.stores.importing import Checked, check, take
from shouwen.stores.views.common import about_stores, here
from shouwen.web.done import done
from shouwen.web.form_pages import form_page, saved, sent

RIGHT = "stores.manage"
SALT = "stores.import"
#: What was uploaded may be confirmed for so many seconds.
KEPT = 24 * 3600
SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: SignedInRequest) -> HttpResponse:
    """Upload a workbook, and see what it would do."""
    project = here(request, RIGHT)
    form = ImportForm(sent(request), request.FILES or None)
    found: list[tuple[str, Checked]] = []

    def act() -> None:
        place = _kept(form.cleaned_data["file"])
        found.append((place, check(_path(place), project)))

    if saved(request, form, act):
        place, checked = found[0]
        return render(request, "stores/import_check.html", _about(request, project, place, checked))
    return form_page(request, "stores/import.html", form, **about_stores(request, project))


def _kept(file: UploadedFile[Any]) -> str:
    place = f"imports/{secrets.token_hex(8)}/materials.xlsx"
    path = _path(place)
    path.parent.mkdir(parents=True)
    with path.open("wb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    return place


def _path(place: str) -> Path:
    return Path(settings.MEDIA_ROOT) / place


def _about(
    request: SignedInRequest, project: OrgUnit, place: str, checked: Checked
) -> dict[str, Any]:
    return {
        **about_stores(request, project),
        "checked": checked,
        "bad": checked.bad[:SHOWN],
        "more_bad": max(0, len(checked.bad) - SHOWN),
        "token": signing.dumps([place, project.pk], salt=SALT),
    }


@require_POST
def confirm(request: SignedInRequest) -> HttpResponse:
    """Keeps what was shown; compared once more with what is known by now."""
    project = here(request, RIGHT)
    path = _path(_place(request.POST.get("token", ""), project))
    checked = take(path, project, request.scope, request.at)
    shutil.rmtree(path.parent, ignore_errors=True)
    words = _("已导入：新增 %(new)s，更新 %(changed)s") % {
        "new": len(checked.new),
        "changed": len(checked.changed),
    }
    done(request, words)
    return redirect("stores:stock")


def _place(token: str, project: OrgUnit) -> str:
    """Where the workbook lies, if it was uploaded for this project and is still there."""
    try:
        place, pk = signing.loads(token, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        place, pk = "", 0
    if pk != project.pk or not place or not _path(place).is_file():
        raise Refused("import-gone", "这份文件已经导入过或已过期，请重新上传。")
    return str(place)
