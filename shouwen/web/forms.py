"""Forms and refusals."""

from django.forms import BaseForm

from shouwen.rules.refused import Refused


def add_refusal(form: BaseForm, refused: Refused) -> None:
    """Shows a refusal at the field that it names, or above the form; what was typed stays."""
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))
