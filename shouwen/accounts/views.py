"""Sign-in, one's own account, the organisation, tokens, and the trace of disclosures.

Every id is looked up among what the scope reaches: what is not there and what is not theirs are
both 404.
"""

from typing import TypeVar
from urllib.parse import urlencode

from django import forms
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts import actions, queries
from shouwen.accounts.context import SignedInRequest
from shouwen.accounts.forms import (
    AbsenceForm,
    ConfirmForm,
    NewPasswordForm,
    PostForm,
    SignInForm,
    StaffForm,
    TokenForm,
    UnitForm,
)
from shouwen.accounts.models import Absence, OrgUnit, Post, Staff
from shouwen.rules.refused import Refused
from shouwen.web.done import done
from shouwen.web.forms import add_refusal
from shouwen.web.pieces import Pager

UNITS_A_PAGE = 100
ROWS_A_PAGE = 50
#: What a form answers when it comes back with errors.
UNPROCESSABLE = 422

Row = TypeVar("Row", bound=Model)
form_page = require_http_methods(["GET", "HEAD", "POST"])


# --- Sign-in and one's own account ----------------------------------------------------------------


@never_cache
@sensitive_post_parameters("password")
@form_page
def sign_in(request: HttpRequest) -> HttpResponse:
    """The same answer for an unknown name, a wrong password and somebody who has left."""
    onward = _onward(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(onward)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        staff = authenticate(request, **form.cleaned_data)
        if staff is not None:
            login(request, staff)
            return HttpResponseRedirect(onward)
        form.add_error(None, _("登录名或密码不对。连续输错 5 次，要等 15 分钟才能再试。"))
    return _form_page(request, "accounts/sign_in.html", form)


def _onward(request: HttpRequest) -> str:
    page = request.GET.get("next", "")
    return page if url_has_allowed_host_and_scheme(page, {request.get_host()}) else "/"


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Drafts and what the phone had stored go too: the machine may be shared."""
    logout(request)
    answer = redirect("accounts:sign-in")
    answer.headers["Clear-Site-Data"] = '"storage"'
    return answer


@sensitive_post_parameters("old", "new", "again")
@form_page
def password(request: SignedInRequest) -> HttpResponse:
    """One's own password; every other session of this person ends."""
    form = NewPasswordForm(request.POST or None, staff=request.user)
    if request.method == "POST" and form.is_valid():
        actions.change_password(staff=request.user, password=form.cleaned_data["new"])
        update_session_auth_hash(request, request.user)
        done(request, _("密码已修改，其他设备上的登录已退出。"))
        return redirect("/")
    return _form_page(request, "accounts/password.html", form)


@require_POST
def choose_project(request: SignedInRequest, pk: int) -> HttpResponse:
    """The current project of this session."""
    project = get_object_or_404(queries.projects_reached(request.scope), pk=pk)
    request.session["project"] = project.pk
    return redirect("/")


# --- The organisation -----------------------------------------------------------------------------


@require_safe
def organisation(request: SignedInRequest) -> HttpResponse:
    """The tree as far as it is reached, with who holds what, and who is away now."""
    request.scope.require("org.view")
    units = queries.visible_units(request.scope)
    staff = queries.visible_staff(request.scope, request.at)
    return _tree_page(request, _only_top(request), units, queries.away(staff, request.at))


@require_safe
def unit(request: SignedInRequest, pk: int) -> HttpResponse:
    """One unit and what is below it."""
    request.scope.require("org.view")
    top = _unit(request, pk)
    units = queries.visible_units(request.scope).filter(path__startswith=top.path)
    staff = queries.people_below(top, request.at)
    return _tree_page(request, top, units, queries.away(staff, request.at))


def _tree_page(
    request: SignedInRequest,
    top: OrgUnit | None,
    units: QuerySet[OrgUnit],
    absences: QuerySet[Absence],
) -> HttpResponse:
    after = request.GET.get("after", "")
    found = list(units.filter(path__gt=after)[: UNITS_A_PAGE + 1])
    shown = found[:UNITS_A_PAGE]
    more = f"?{urlencode({'after': shown[-1].path})}" if len(found) > UNITS_A_PAGE else ""
    rows = queries.tree(shown, request.at)
    people = [post.staff_id for row in rows for post in row.posts]
    about = {
        "top": top,
        "above": _above(request, top),
        "rows": rows,
        "away_ids": set(queries.away_among(people, request.at)),
        "absences": absences[:ROWS_A_PAGE],
        "pager": Pager(newer="?" if after else "", older=more),
        "may_manage": top is not None and request.scope.can("org.manage", top),
    }
    return render(request, "accounts/organisation.html", about)


def _only_top(request: SignedInRequest) -> OrgUnit | None:
    """The unit that all one may see hangs from; nothing where posts reach several."""
    tops = {reach.unit for reach in request.scope.reaches if "org.view" in reach.rights}
    return tops.pop() if len(tops) == 1 else None


def _above(request: SignedInRequest, top: OrgUnit | None) -> list[OrgUnit]:
    """The units above that may be seen, highest first."""
    line = queries.line_above(top)[1:] if top else []
    return [unit for unit in reversed(line) if request.scope.can("org.view", unit)]


@form_page
def add_unit(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new unit directly below this one."""
    parent = _unit_to_manage(request, pk)
    form = UnitForm(request.POST or None, parent=parent)
    if request.method == "POST" and form.is_valid():
        try:
            new = actions.create_unit(parent=parent, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            done(request, _("已添加：%(name)s。") % {"name": new.name}, "unit")
            return redirect("accounts:unit", parent.pk)
    return _form_page(request, "accounts/add_unit.html", form, unit=parent)


@form_page
def add_staff(request: SignedInRequest, pk: int) -> HttpResponse:
    """A new colleague with a first post here; the one-time password is shown on the answer only."""
    place = _unit_to_manage(request, pk)
    form = StaffForm(request.POST or None, scope=request.scope, unit=place)
    if request.method == "POST" and form.is_valid():
        try:
            staff, secret = actions.take_on(unit=place, at=request.at, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            done(request, _("已添加：%(name)s。") % {"name": staff.name}, "staff")
            return _secret_page(request, staff, secret)
    return _form_page(request, "accounts/add_staff.html", form, unit=place)


@form_page
def give_post(request: SignedInRequest, pk: int) -> HttpResponse:
    """A post here for somebody who already works in one's own reach; not for oneself."""
    place = _unit_to_manage(request, pk)
    form = PostForm(request.POST or None, scope=request.scope, unit=place, at=request.at)
    if request.method == "POST" and form.is_valid():
        staff = form.cleaned_data["number"]
        try:
            actions.give_post(
                staff=staff, unit=place, role=form.cleaned_data["role"], at=request.at
            )
        except Refused as refused:
            add_refusal(form, refused)
        else:
            done(request, _("已任职：%(name)s。") % {"name": staff.name}, "post")
            return redirect("accounts:unit", place.pk)
    return _form_page(request, "accounts/give_post.html", form, unit=place)


@require_POST
def end_post(request: SignedInRequest, pk: int) -> HttpResponse:
    """From now on the role is not held. Its days stay on record."""
    request.scope.require("org.manage")
    reached = Post.objects.filter(request.scope.below("org.manage", "unit__path"))
    post = get_object_or_404(reached.select_related("staff", "unit"), pk=pk)
    if post.staff == request.user or post.role not in queries.roles_to_give(
        request.scope, post.unit
    ):
        raise Refused("not-allowed", _("这个任职不由您管理，请联系系统管理员。"))
    actions.end_post(post=post, at=request.at)
    done(request, _("任职已结束。"))
    return redirect("accounts:person", post.staff.pk)


# --- People ---------------------------------------------------------------------------------------


@require_safe
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    """Posts, absences, and what one may do about them. Everybody sees themselves."""
    staff = _staff(request, pk)
    reached = staff.posts.select_related("unit").order_by("until", "-since")
    if staff != request.user:
        reached = reached.filter(request.scope.below("org.view", "unit__path"))
    about = {
        "staff": staff,
        "posts": reached[:ROWS_A_PAGE],
        "absences": staff.absences.select_related("deputy").order_by("-starts_at")[:10],
        "may_see_organisation": request.scope.can("org.view"),
        "may_manage": queries.may_manage(request.scope, staff, request.at),
        "may_record_absence": queries.may_record_absence(request.scope, staff, request.at),
        "confirm_reset": ConfirmForm(auto_id="reset_%s"),
        "confirm_leave": ConfirmForm(auto_id="leave_%s"),
    }
    return render(request, "accounts/person.html", about)


@require_POST
def deactivate(request: SignedInRequest, pk: int) -> HttpResponse:
    """Somebody leaves."""
    staff = _staff_to_manage(request, pk)
    _confirmed(request)
    actions.deactivate(staff=staff, at=request.at)
    done(request, _("%(name)s 已离职：任职结束，令牌停用，登录退出。") % {"name": staff.name})
    return redirect("accounts:person", staff.pk)


@require_POST
def reset_password(request: SignedInRequest, pk: int) -> HttpResponse:
    """A one-time password, shown on the answer only."""
    staff = _staff_to_manage(request, pk)
    if not staff.is_active:
        raise Refused("has-left", _("此人已离职，不能重置密码。"))
    _confirmed(request)
    return _secret_page(request, staff, actions.reset_password(staff=staff))


@form_page
def record_absence(request: SignedInRequest, pk: int) -> HttpResponse:
    """Away from a moment to a moment, with a deputy or without."""
    staff = _staff(request, pk)
    if not queries.may_record_absence(request.scope, staff, request.at):
        raise Refused("not-allowed", _("只有本人和负责人可以登记不在岗。"))
    form = AbsenceForm(request.POST or None, staff=staff, at=request.at)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_absence(staff=staff, **form.cleaned_data)
        except Refused as refused:
            add_refusal(form, refused)
        else:
            done(request, _("已登记不在岗。"), "absence")
            return redirect("accounts:person", staff.pk)
    return _form_page(request, "accounts/record_absence.html", form, staff=staff)


@require_POST
def end_absence(request: SignedInRequest, pk: int) -> HttpResponse:
    """Back early, or not going after all."""
    people = queries.visible_staff(request.scope, request.at)
    absences = Absence.objects.filter(staff__in=people).select_related("staff")
    absence = get_object_or_404(absences, pk=pk)
    if not queries.may_record_absence(request.scope, absence.staff, request.at):
        raise Refused("not-allowed", _("只有本人和负责人可以改不在岗记录。"))
    actions.end_absence(absence=absence, at=request.at)
    done(request, _("已恢复在岗。"))
    return redirect("accounts:person", absence.staff.pk)


# --- Tokens and trace -----------------------------------------------------------------------------


@require_safe
def tokens(request: SignedInRequest) -> HttpResponse:
    """What integrations sign in with."""
    request.scope.require("token.manage")
    rows, pager = _page(request, queries.visible_tokens(request.scope))
    return render(request, "accounts/tokens.html", {"tokens": rows, "pager": pager})


@form_page
def issue_token(request: SignedInRequest) -> HttpResponse:
    """A new token, shown on the answer only."""
    request.scope.require("token.manage")
    form = TokenForm(request.POST or None, scope=request.scope, at=request.at)
    if request.method == "POST" and form.is_valid():
        secret = actions.issue_token(at=request.at, **form.cleaned_data)
        done(request, _("令牌已生成。"), "token")
        return render(
            request,
            "accounts/new_token.html",
            {"secret": secret, "name": form.cleaned_data["name"]},
        )
    return _form_page(request, "accounts/issue_token.html", form)


@require_POST
def revoke_token(request: SignedInRequest, pk: int) -> HttpResponse:
    """Refused from the next request on."""
    request.scope.require("token.manage")
    token = get_object_or_404(queries.visible_tokens(request.scope), pk=pk)
    actions.revoke_token(token=token, at=request.at)
    done(request, _("令牌已停用：%(name)s。") % {"name": token.name})
    return redirect("accounts:tokens")


@require_safe
def trace(request: SignedInRequest) -> HttpResponse:
    """Who looked at which masked data, and when."""
    request.scope.require("audit.view")
    rows, pager = _page(request, queries.visible_disclosures(request.scope))
    return render(request, "accounts/trace.html", {"disclosures": rows, "pager": pager})


# --- What the views above share -------------------------------------------------------------------


def _unit(request: SignedInRequest, pk: int) -> OrgUnit:
    return get_object_or_404(queries.visible_units(request.scope), pk=pk)


def _unit_to_manage(request: SignedInRequest, pk: int) -> OrgUnit:
    request.scope.require("org.manage")
    return get_object_or_404(queries.visible_units(request.scope, "org.manage"), pk=pk)


def _staff(request: SignedInRequest, pk: int) -> Staff:
    return get_object_or_404(queries.visible_staff(request.scope, request.at), pk=pk)


def _staff_to_manage(request: SignedInRequest, pk: int) -> Staff:
    request.scope.require("org.manage")
    staff = _staff(request, pk)
    if not queries.may_manage(request.scope, staff, request.at):
        raise Refused("not-allowed", _("此人的岗位不全由您管理，请联系系统管理员。"))
    return staff


def _confirmed(request: SignedInRequest) -> None:
    if not ConfirmForm(request.POST).is_valid():
        raise Refused("not-confirmed", _("请先勾选确认。"))


def _page(request: HttpRequest, rows: QuerySet[Row]) -> tuple[list[Row], Pager]:
    """A page of a list that is ordered by -pk, read by key."""
    before = request.GET.get("before", "")
    known = before.isascii() and before.isdigit() and len(before) < 19
    found = list((rows.filter(pk__lt=int(before)) if known else rows)[: ROWS_A_PAGE + 1])
    shown = found[:ROWS_A_PAGE]
    older = f"?before={shown[-1].pk}" if len(found) > ROWS_A_PAGE else ""
    return shown, Pager(newer="?" if known else "", older=older)


def _secret_page(request: SignedInRequest, staff: Staff, secret: str) -> HttpResponse:
    return render(request, "accounts/one_time_password.html", {"staff": staff, "secret": secret})


def _form_page(
    request: HttpRequest, template: str, form: forms.Form, **about: object
) -> HttpResponse:
    """The form, empty or as it came back; what was typed stays."""
    status = UNPROCESSABLE if form.errors else 200
    return render(request, template, {"form": form, **about}, status=status)
