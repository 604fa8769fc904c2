"""What the desk says about an act that a phone could not write."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SettleForm(forms.Form):
    text = forms.CharField(label=_("怎么处理的"), max_length=200, required=False)
