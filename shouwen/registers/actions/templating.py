"""A company's own Word file of a form: uploaded and looked at, put in force, put away."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shouwen.accounts.models import OrgUnit
from shouwen.accounts.scope import Scope
from shouwen.cases.files import Kept, path_of
from shouwen.registers.models import FormTemplate
from shouwen.registers.word import require_usable
from shouwen.registers.word_values import names_of
from shouwen.rules.form_kinds import Form
from shouwen.rules.refused import Refused

RULES = "regulation.adopt"


def offer(*, unit: OrgUnit, rule: Form, kept: Kept, by: Scope, at: datetime) -> FormTemplate:
    """Checked, and kept to be looked at; nothing is printed with it yet."""
    by.require(RULES, unit)
    require_usable(path_of(kept.sha256).read_bytes(), names_of(rule))
    return FormTemplate.objects.create(
        unit=unit, form=rule.id, sha256=kept.sha256, name=kept.label, by=by.staff, at=at
    )


def put_in_force(*, template: FormTemplate, by: Scope, at: datetime) -> FormTemplate:
    """From now on this form is printed with it; the one before is put away."""
    by.require(RULES, template.unit)
    with transaction.atomic():
        rows = FormTemplate.objects.select_for_update().filter(
            unit=template.unit, form=template.form
        )
        row = rows.get(pk=template.pk)
        if row.since or row.until:
            raise Refused("not-now", "这份模板已经启用或停用，请重新上传。")
        rows.exclude(since=None).filter(until=None).update(until=at)
        row.since = at
        row.save(update_fields=["since"])
    template.since = at
    return template


def put_away(*, template: FormTemplate, by: Scope, at: datetime) -> FormTemplate:
    """The form is printed as we make it again, or as the unit above does."""
    by.require(RULES, template.unit)
    with transaction.atomic():
        row = FormTemplate.objects.select_for_update().get(pk=template.pk)
        if row.until:
            raise Refused("not-now", "这份模板已经停用，不用再停。")
        row.until = at
        row.save(update_fields=["until"])
    template.until = at
    return template
