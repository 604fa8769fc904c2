"""What is asked for: the scan of a signed sheet."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ScanForm(forms.Form):
    scan = forms.FileField(
        label=_("签过字的纸"),
        help_text=_("照片或扫描的 PDF。整张纸拍平，右上角的二维码要清楚。"),
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
        error_messages={"required": _("请选择照片或扫描件。")},
    )
