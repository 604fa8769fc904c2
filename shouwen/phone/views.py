"""The shell of the phone, what it asks for and sends, and what the desk sees of its conflicts."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import ValidationError

from shouwen.accounts.actions import disclose
from shouwen.accounts.context import SignedInRequest
from shouwen.phone import bundle
from shouwen.phone.actions import settle
from shouwen.phone.acts import word_of
from shouwen.phone.day import day
from shouwen.phone.files import cut, receive
from shouwen.phone.forms import SettleForm
from shouwen.phone.models import Conflict
from shouwen.phone.particulars import particulars
from shouwen.phone.queries import visible_conflicts
from shouwen.phone.replay import replay
from shouwen.phone.said import Batch
from shouwen.repairs.queries import get_order
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.forms import add_refusal

#: A list for the desk; what is older was settled long ago.
SHOWN = 200


# --- The program ----------------------------------------------------------------------------------


@require_safe
@ensure_csrf_cookie
def shell(request: HttpRequest) -> HttpResponse:
    """The page without anything of anybody: a phone keeps it as it is."""
    about = {"version": bundle.version(), "csrf": settings.CSRF_COOKIE_NAME}
    return render(request, "phone/shell.html", about)


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What makes it installable."""
    icons = [
        {"src": static(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for name, size in zip(bundle.ICONS, (192, 512), strict=True)
        for purpose in ("any", "maskable")
    ]
    about = {
        "name": _("首问掌上"), "short_name": _("首问掌上"), "lang": "zh-CN", "start_url": "/phone/",
        "scope": "/phone/", "display": "standalone", "orientation": "portrait",
        "background_color": "#f3f5f7", "theme_color": "#15304a", "icons": icons,
    }  # fmt: skip
    return JsonResponse(about, content_type="application/manifest+json")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, which differs whenever any file does that it keeps."""
    kept = {"version": bundle.version(), "files": bundle.addresses()}
    head = f"self.KEPT = {JsonResponse(kept).content.decode()};\n"
    return HttpResponse(head.encode() + bundle.read(bundle.WORKER), "text/javascript")


# --- What it asks for and sends -------------------------------------------------------------------


@require_safe
def take_along(request: SignedInRequest) -> HttpResponse:
    request.scope.require("contact.register")
    return JsonResponse(day(request.scope, request.project, request.at))


@require_POST
def sync(request: SignedInRequest) -> HttpResponse:
    """A batch of acts in the order in which they were done; an answer to each."""
    request.scope.require("contact.register")
    if _is_anothers(request):
        return _no(_anothers())
    try:
        batch = Batch.model_validate_json(request.body)
    except ValidationError:
        return _no(Refused("bad-batch", "手机发来的内容看不懂，请更新手机上的程序。"))
    answers = replay(batch, by=request.scope, project=request.project, at=request.at)
    return JsonResponse({"now": request.at.isoformat(), "acts": answers})


@require_POST
def files(request: SignedInRequest) -> HttpResponse:
    """One photo or signature, under the hash of what was sent."""
    request.scope.require("contact.register")
    if _is_anothers(request):
        return _no(_anothers())
    upload = request.FILES.get("file")
    if upload is None:
        return _no(cut())
    sha256 = request.POST.get("sha256", "")
    try:
        receive(upload=upload, sha256=sha256, by=request.scope, at=request.at)
    except Refused as refused:
        return _no(refused)
    return JsonResponse({"ok": True})


def _is_anothers(request: SignedInRequest) -> bool:
    """A phone that changed hands must not send what one person did under the name of another."""
    return request.headers.get("X-Phone-Of") != request.user.number


def _anothers() -> Refused:
    return Refused("other-person", "这些记录是另一个人的，请他登录后送出。")


def _no(refused: Refused) -> JsonResponse:
    said = {"code": refused.code, "sentence": refused.sentence, "clause": refused.clause}
    return JsonResponse({"refused": said}, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@require_POST
def number(request: SignedInRequest, order: str) -> HttpResponse:
    """The customer's whole number, once, and written down who looked."""
    found = get_order(request.scope, order)
    request.scope.require("personal.unmask", found.project)
    disclose(
        by=request.user, at=request.at, record="case", record_id=found.case_id,
        project=found.project, purpose="上门联系",
    )  # fmt: skip
    return JsonResponse({"phone": found.case.customer_phone})


# --- What the desk sees ---------------------------------------------------------------------------


@require_safe
def conflicts(request: SignedInRequest) -> HttpResponse:
    """Acts of phones that were not written: those to be put straight, then those that were."""
    request.scope.require("case.dispatch")
    rows = visible_conflicts(request.scope).select_related("staff", "case", "settled_by", "project")
    waiting = list(rows.filter(settled_at=None)[: SHOWN + 1])
    about = {
        "waiting": [(each, word_of(each.act)) for each in waiting[:SHOWN]],
        "more": len(waiting) > SHOWN,
        "settled": [(each, word_of(each.act)) for each in rows.exclude(settled_at=None)[:20]],
    }
    return render(request, "phone/conflicts.html", about)


@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: SignedInRequest, pk: int) -> HttpResponse:
    """One of them, with everything that the phone said, and what became of it."""
    found = _get(request, pk)
    request.scope.require("case.dispatch", found.project)
    form = SettleForm(request.POST or None)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            settle(conflict=found, text=form.cleaned_data["text"], by=request.scope, at=request.at)
        except Refused as refused:
            add_refusal(form, refused)
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        else:
            done(request, _("已记下"))
            return redirect("phone:conflicts")
    about = {
        "conflict": found,
        "word": word_of(found.act),
        "particulars": particulars(found),
        "form": form,
    }
    return render(request, "phone/conflict.html", about, status=status)


def _get(request: SignedInRequest, pk: int) -> Conflict:
    rows = visible_conflicts(request.scope).select_related(
        "staff", "case", "settled_by", "project__company"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Refused("not-found", "没有找到这条手机记录。")
    return found
