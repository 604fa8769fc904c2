"""The addresses of this floor."""

from django.urls import path

from shouwen.learning.views import corrections, lists, suggestions

app_name = "learning"
urlpatterns = [
    path("learning", corrections.corrections, name="corrections"),
    path("learning/corrections/new", corrections.bring_up, name="bring-up"),
    path("learning/corrections/<str:number>", corrections.correction, name="correction"),
    path("learning/corrections/<str:number>/<str:step>", corrections.step, name="correction-step"),
    path("learning/cases/<str:number>/panel", corrections.panel, name="panel"),
    path("learning/cases/<str:number>/<str:step>", corrections.on_case, name="on-case"),
    path("learning/suggestions", suggestions.suggestions, name="suggestions"),
    path("learning/suggestions/<str:number>/<str:step>", suggestions.step, name="suggestion-step"),
    path("learning/suggestions.<str:kind>", suggestions.month, name="month"),
    path("learning/rolls", suggestions.rolls, name="rolls"),
    path("learning/rolls/new", suggestions.draw_up, name="draw-up"),
    path("learning/rolls/<int:pk>", suggestions.roll, name="roll"),
    path(
        "learning/rolls/<int:pk>/lines/<int:line>/<str:step>",
        suggestions.line_step,
        name="line-step",
    ),
    path("learning/rolls/<int:pk>/<str:step>", suggestions.roll_step, name="roll-step"),
    path("learning/praises", lists.praises, name="praises"),
    path("learning/praises/new", lists.on_patrol, name="on-patrol"),
    path("learning/typical", lists.typical, name="typical"),
    path("learning/typical/submit", lists.submit, name="submit"),
    path("learning/quality", lists.quality, name="quality"),
    path("learning/quality/new", lists.note_defect, name="note-defect"),
    path("learning/quality/<str:number>/<str:step>", lists.defect_step, name="defect-step"),
    path("learning/archive", lists.archive, name="archive"),
]
