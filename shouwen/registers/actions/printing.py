"""A record on paper or in Word. That it was made is on record; whole personal details on it count
as looked up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from shouwen.accounts.actions import disclose
from shouwen.accounts.scope import Scope
from shouwen.cases.files import path_of
from shouwen.estate.queries import place_of
from shouwen.papers.actions import print_sheet
from shouwen.papers.heads import head_of
from shouwen.papers.models import Print
from shouwen.papers.shapes import Head
from shouwen.registers.models import FormTemplate, Record
from shouwen.registers.paper import record_source
from shouwen.registers.queries import FormInForce, form_of, template_of
from shouwen.registers.starter import starter
from shouwen.registers.word import fill
from shouwen.registers.word_values import names_of, values_of
from shouwen.rules.form_kinds import PERSONAL, Form
from shouwen.rules.refused import Refused

KIND = "record"


def print_record(*, record: Record, address: str, by: Scope, at: datetime) -> bytes:
    """As PDF."""
    form = form_of(record)
    whole = _whole(record, form.rule, by, at)
    source = record_source(record, form, whole=whole)
    return print_sheet(kind=KIND, source=source, address=address, by=by, at=at)


def write_record(*, record: Record, by: Scope, at: datetime) -> bytes:
    """As a Word file: the company's own where it has one."""
    form = form_of(record)
    whole = _whole(record, form.rule, by, at)
    head = head_of(record_source(record, form, whole=whole), by=by.staff, at=at, address="")
    Print.objects.create(
        **place_of(record.project), kind=KIND, record=record.number, title=head.title,
        form=head.form, copies=1, case=record.case, by=by.staff, at=at,
    )  # fmt: skip
    values = values_of(form.rule, record.values, whole=whole, head=_head(head, record))
    return fill(word_of(record, form), names_of(form.rule), {**values, **signed_of(record)})


def word_of(record: Record, form: FormInForce) -> bytes:
    template = template_of(record.project, record.form)
    return content_of(template) if template else starter(form.rule)


def content_of(template: FormTemplate) -> bytes:
    path = path_of(template.sha256)
    if not path.exists():
        raise Refused("file-gone", "模板文件不在了，请重新上传。")
    return path.read_bytes()


def signed_of(record: Record) -> dict[str, Any]:
    lines = [
        {"签名处": each.place, "签名人": each.name, "签名时间": f"{localtime(each.at):%Y-%m-%d}"}
        for each in record.signatures.all()
    ]
    given = {line["签名处"] for line in lines}
    waiting = [place for place in form_of(record).rule.signatures if place not in given]
    return {"签名": [*lines, *({"签名处": place} for place in waiting)]}


def _head(head: Head, record: Record) -> dict[str, str]:
    return {
        "编号": head.record,
        "表号": head.form,
        "版本": head.edition,
        "公司": head.company,
        "项目": head.project,
        "表名": head.title,
        "依据": head.basis,
        "状态": str(record.get_state_display()),
        "打印": head.printed,
    }


def _whole(record: Record, rule: Form, by: Scope, at: datetime) -> bool:
    """Whether personal details are printed as they are; then they were looked up."""
    columns = [column for one in rule.fields for column in (one, *one.columns)]
    personal = any(column.kind in PERSONAL for column in columns)
    if not personal or not by.can("personal.unmask", record.project):
        return False
    disclose(
        by=by.staff, at=at, record="record", record_id=record.pk, project=record.project,
        purpose=f"打印{record.title}",
    )  # fmt: skip
    return True
