"""The pages of this floor beside each other."""

from django.urls import reverse
from django.utils.translation import gettext as _

from shouwen.web.pieces import Choice


def places(here: str) -> list[Choice]:
    """The switch between events, warnings, risks and the matrix."""
    titles = {
        "events": _("重大事件"),
        "warnings": _("预警"),
        "risks": _("风险"),
        "matrix": _("分级报送"),
    }
    return [
        Choice(title, reverse(f"majors:{name}"), name == here) for name, title in titles.items()
    ]
