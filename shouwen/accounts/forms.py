"""What is filled in to sign in and to keep the organisation."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shouwen.accounts.actions import login_name
from shouwen.accounts.models import OrgUnit, Staff
from shouwen.accounts.queries import colleagues, roles_to_give, visible_staff, visible_units
from shouwen.accounts.rights import FUNCTIONS, RIGHTS, ROLES
from shouwen.accounts.scope import Scope

#: Longer ones are not passwords but work for the hash function.
LONGEST_PASSWORD = 200
MOMENT = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """A moment picked in the browser's own picker, in local time."""

    def __init__(self, **rest: Any) -> None:
        picker = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
        super().__init__(widget=picker, **rest)


def _password(purpose: str = "new-password", **rest: Any) -> forms.CharField:
    return forms.CharField(
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": purpose}),
        **rest,
    )


class SignInForm(forms.Form):
    username = forms.CharField(
        label=_("登录名"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "off"}
        ),
    )
    password = _password("current-password", label=_("密码"))

    def clean_username(self) -> str:
        return login_name(self.cleaned_data["username"])


_TOO_WEAK = {
    "password_too_short": _("密码至少要 %(min_length)s 个字符。"),
    "password_too_common": _("这个密码太常见，别人一猜就中。"),
    "password_too_similar": _("密码和登录名太像。"),
}


def _strong(password: str, staff: Staff) -> None:
    """Django's validators, in our words: its own are not translated in full."""
    try:
        validate_password(password, staff)
    except ValidationError as weak:
        errors = [
            ValidationError(_TOO_WEAK.get(e.code or "", e.message), e.code, e.params)
            for e in weak.error_list
        ]
        raise ValidationError(errors) from weak


class NewPasswordForm(forms.Form):
    """The old password, and a new one twice. A one-time password may not be chosen again."""

    old = _password("current-password", label=_("现在的密码"))
    new = _password(
        label=_("新密码"), help_text=_("至少 10 个字符；不要用常见的密码，不要和登录名相像。")
    )
    again = _password(label=_("再输一次新密码"))

    def __init__(self, *args: Any, staff: Staff, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self._staff = staff

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self._staff.check_password(old):
            raise ValidationError(_("现在的密码不对。"))
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        if self._staff.check_password(new):
            raise ValidationError(_("新密码不能和现在的一样。"))
        _strong(new, self._staff)
        return new

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise ValidationError(_("两次输入的新密码不一样。"))
        return again


class UnitForm(forms.Form):
    """A unit below another; only the kinds that may stand there are offered."""

    name = forms.CharField(label=_("名称"), max_length=60)
    code = forms.CharField(
        label=_("代码"), max_length=24, help_text=_("全集团唯一，如 CHHY-GC；用于导入和接口。")
    )
    function = forms.ChoiceField(
        label=_("职能"),
        required=False,
        choices=[("", "—"), *FUNCTIONS.items()],
        help_text=_("制度按职能派单；部门请选一项。"),
    )
    contractor = forms.BooleanField(label=_("外包单位"), required=False)

    def __init__(self, *args: Any, parent: OrgUnit, **rest: Any) -> None:
        super().__init__(*args, **rest)
        kinds = [(kind.value, kind.label) for kind in parent.kinds_below]
        self.fields["kind"] = forms.ChoiceField(label=_("层级"), choices=kinds)
        self.order_fields(["kind"])


class RoleForm(forms.Form):
    """A role on a unit; only roles that this person may give there are offered."""

    def __init__(self, *args: Any, scope: Scope, unit: OrgUnit, **rest: Any) -> None:
        super().__init__(*args, **rest)
        roles = [(code, ROLES[code].name) for code in roles_to_give(scope, unit)]
        self.fields["role"] = forms.ChoiceField(label=_("角色"), choices=roles)


class StaffForm(RoleForm):
    """A new colleague with a first post."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    number = forms.CharField(label=_("工号"), max_length=20)
    username = forms.CharField(label=_("登录名"), max_length=40, help_text=_("不分大小写。"))
    phone = forms.RegexField(
        r"^[0-9+() -]{5,20}$",
        label=_("电话"),
        required=False,
        error_messages={"invalid": _("电话只写数字，如 13800000000 或 0755-26690000。")},
    )

    def clean_username(self) -> str:
        return login_name(self.cleaned_data["username"])


class PostForm(RoleForm):
    """A post for somebody who already works here, found by staff number."""

    number = forms.CharField(label=_("工号"), max_length=20)

    def __init__(self, *args: Any, scope: Scope, unit: OrgUnit, at: datetime, **rest: Any) -> None:
        super().__init__(*args, scope=scope, unit=unit, **rest)
        self._giver = scope.staff
        self._staff = visible_staff(scope, at, "org.manage").filter(is_active=True)

    def clean_number(self) -> Staff:
        staff = self._staff.filter(number=self.cleaned_data["number"].strip()).first()
        if staff is None:
            raise ValidationError(_("您管理的范围内没有这个工号的在职人员。"))
        if staff == self._giver:
            raise ValidationError(_("不能给自己任职，请由另一位管理人办理。"))
        return staff


class ConfirmForm(forms.Form):
    """What cannot be taken back is ticked first."""

    sure = forms.BooleanField(label=_("我确认，不能撤回"))


class AbsenceForm(forms.Form):
    starts_at = MomentField(label=_("从"))
    ends_at = MomentField(label=_("到"))
    reason = forms.CharField(label=_("事由"), max_length=100, required=False)

    def __init__(self, *args: Any, staff: Staff, at: datetime, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["deputy"] = forms.ModelChoiceField(
            colleagues(staff, at),
            label=_("代理人"),
            required=False,
            empty_label=_("没有代理人：提醒直接报上一级"),
        )


class TokenForm(forms.Form):
    """A new token. Its range and the person it acts for are found by code and staff number."""

    name = forms.CharField(label=_("用途"), max_length=60, help_text=_("如：400 话务平台"))
    staff = forms.CharField(
        label=_("以谁的名义（工号）"),
        max_length=20,
        help_text=_("记录上写这个人；此人的权限是上限。"),
    )
    unit = forms.CharField(label=_("范围（单位代码）"), max_length=24)
    rights = forms.MultipleChoiceField(
        label=_("权限"),
        choices=list(RIGHTS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    expires_at = MomentField(label=_("到期"))

    def __init__(self, *args: Any, scope: Scope, at: datetime, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self._scope, self._at = scope, at
        self.fields["expires_at"].initial = at + timedelta(days=365)

    def clean_staff(self) -> Staff:
        reached = visible_staff(self._scope, self._at, "token.manage").filter(is_active=True)
        staff = reached.filter(number=self.cleaned_data["staff"].strip()).first()
        if staff is None:
            raise ValidationError(_("您管理的范围内没有这个工号的在职人员。"))
        return staff

    def clean_unit(self) -> OrgUnit:
        reached = visible_units(self._scope, "token.manage")
        unit = reached.filter(code=self.cleaned_data["unit"].strip()).first()
        if unit is None:
            raise ValidationError(_("您管理的范围内没有这个代码的单位。"))
        return unit

    def clean_expires_at(self) -> datetime:
        expires_at: datetime = self.cleaned_data["expires_at"]
        if not self._at < expires_at <= self._at + timedelta(days=731):
            raise ValidationError(_("到期要在今后两年之内。"))
        return expires_at
