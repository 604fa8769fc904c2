"""A company's own Word file of a form."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shouwen.accounts.context import SignedInRequest, project_of
from shouwen.accounts.models import OrgUnit
from shouwen.accounts.queries import line_above
from shouwen.cases.files import keep
from shouwen.registers.actions import templating
from shouwen.registers.actions.printing import content_of
from shouwen.registers.forms import TemplateForm
from shouwen.registers.models import FormTemplate
from shouwen.registers.queries import form_in_force, template_of
from shouwen.registers.views.printing import sent
from shouwen.registers.word import fill
from shouwen.registers.word_values import names_of, sample_of
from shouwen.web.done import done
from shouwen.web.form_pages import form_page, saved
from shouwen.web.form_pages import sent as posted

STEPS = {
    "use": (templating.put_in_force, "已启用，以后打印用这份模板"),
    "end": (templating.put_away, "已停用"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: SignedInRequest, form: str) -> HttpResponse:
    """What it is printed with now, what is waiting to be looked at, and another."""
    project = project_of(request)
    request.scope.require(templating.RULES, project)
    found = form_in_force(project, form, request.at)
    asked = TemplateForm(posted(request), request.FILES or None)
    asked.fields["unit"].queryset = _units(request, project)  # type: ignore[attr-defined] # a ModelChoiceField

    def act() -> None:
        templating.offer(
            unit=asked.cleaned_data["unit"], rule=found.rule,
            kept=keep(asked.cleaned_data["file"]), by=request.scope, at=request.at,
        )  # fmt: skip

    if saved(request, asked, act):
        done(request, _("检查通过。请看样张，再启用。"))
        return redirect("registers:templates", form=form)
    rows = FormTemplate.objects.filter(unit__in=line_above(project), form=form)
    names = names_of(found.rule)
    return form_page(
        request, "registers/templates.html", asked, rule=found.rule, crumb=found.rule.title,
        rows=rows.select_related("unit", "by")[:20], now_used=template_of(project, form),
        names=sorted(names.single),
        tables=[(name, sorted(columns)) for name, columns in sorted(names.tables.items())],
    )  # fmt: skip


def _units(request: SignedInRequest, project: OrgUnit) -> object:
    """The project and what stands above it, as far as one may rule there."""
    ids = [unit.pk for unit in line_above(project)]
    return OrgUnit.objects.filter(request.scope.below(templating.RULES), pk__in=ids).order_by(
        "-path"
    )


def _template(request: SignedInRequest, form: str, pk: int) -> FormTemplate:
    """One of a unit that the reader rules, or that holds for the project that he is in."""
    project = project_of(request)
    request.scope.require(templating.RULES)
    mine = request.scope.below(templating.RULES, "unit__path")
    if request.scope.can(templating.RULES, project):
        mine |= Q(unit__in=line_above(project))
    return get_object_or_404(
        FormTemplate.objects.filter(mine, form=form).select_related("unit"), pk=pk
    )


@require_safe
def sample(request: SignedInRequest, form: str, pk: int) -> HttpResponse:
    """The file filled with an example, to be looked at before it is used."""
    template = _template(request, form, pk)
    place = template.unit if template.unit.is_project else project_of(request)
    rule = form_in_force(place, form, request.at).rule
    made = fill(content_of(template), names_of(rule), sample_of(rule))
    return sent(made, "docx", f"{rule.title} {_('样张')}")


@require_POST
def step(request: SignedInRequest, form: str, pk: int, step: str) -> HttpResponse:
    if step not in STEPS:
        raise Http404
    act, words = STEPS[step]
    act(template=_template(request, form, pk), by=request.scope, at=request.at)
    done(request, _(words))
    return redirect(reverse("registers:templates", args=[form]))
