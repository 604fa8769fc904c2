"""The components, as tags and filters. What each looks like stands on the pattern page.

Tags that stand in rows of long lists are built here, not from templates: they cost a tenth.
Words that vary in tone take one of `TONES`; a tone never stands without its word.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, CheckboxSelectMultiple, FileInput, Select, Widget
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from shouwen.web import words

register = template.Library()

TONES = ("neutral", "info", "met", "warn", "late")
NOTHING = SafeString()
DEFAULT_SOON = timedelta(hours=1)

register.filter("full_moment", words.full_moment)
register.filter("clock", words.clock_time)
register.filter("span", words.span)
register.filter("size", words.size)


@register.filter
def moment(at: datetime | None, now: datetime | None = None) -> str:
    """11-19 09:12; the year is added when it is not that of `now`. Nothing for nothing."""
    return words.moment(at, now) if at else ""


@register.filter
def day(at: datetime | date | None) -> str:
    """11-24 周二"""
    return words.day(at) if at else ""


@register.simple_tag
def chip(word: object, tone: str = "neutral", title: str = "") -> SafeString:
    """A word in a small box: a kind, a state, a warning about the customer."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"chip has no tone {tone!r}: {', '.join(TONES)}")
    if title:
        return format_html('<span class="chip chip-{}" title="{}">{}</span>', tone, title, word)
    return format_html('<span class="chip chip-{}">{}</span>', tone, word)


@register.simple_tag
def due_badge(
    at: datetime | None,
    now: datetime,
    state: str = "running",
    *,
    began: datetime | None = None,
    ended: datetime | None = None,
    soon: datetime | None = None,
    otherwise: str = "未定",
) -> SafeString:
    """When it is due, or how it ended. `state` is running, met, late or waived.

    `began` and `ended` give 按时 its 用 18 分; late without `ended` still runs. `soon` is when
    amber begins (an hour before, if not said). Without `at` it says `otherwise`. The browser keeps
    it current.
    """
    if at is None:
        return chip(otherwise)
    if state in ("met", "waived") or ended is not None:
        return _due_chip(words.ended(at, state, began, ended), at)
    soon = soon or at - DEFAULT_SOON
    return _due_chip(words.running(at, now, soon), at, soon)


def _due_chip(due: words.Due, at: datetime, soon: datetime | None = None) -> SafeString:
    live = (
        format_html(' data-due="{}" data-soon="{}"', at.isoformat(), soon.isoformat())
        if soon
        else NOTHING
    )
    return format_html(
        '<time class="chip chip-{} due" datetime="{}" title="到期 {}"{}>{}</time>',
        due.tone,
        at.isoformat(),
        words.full_moment(at),
        live,
        due.words,
    )


@register.simple_tag
def kbd(*keys: str) -> SafeString:
    """The keys to press: {% kbd "Ctrl" "↵" %}"""
    return format_html_join(" ", "<kbd>{}</kbd>", ((key,) for key in keys))


@register.simple_tag
def progress(value: float, most: float = 100, label: str = "", tone: str = "info") -> SafeString:
    """How far: a bar, and its label to be read aloud."""
    return format_html(
        '<progress class="bar bar-{}" value="{}" max="{}" aria-label="{}">{}</progress>',
        tone,
        value,
        most or 1,
        label,
        label,
    )


@register.simple_tag
def sparkline(values: Sequence[float], label: str) -> SafeString:
    """A small line of figures, oldest first; `label` says it in words."""
    if len(values) < 2:
        return NOTHING
    low, high = min(values), max(values)
    height = (high - low) or 1
    points = " ".join(
        f"{2 + 96 * at / (len(values) - 1):.1f},{22 - 20 * (value - low) / height:.1f}"
        for at, value in enumerate(values)
    )
    return format_html(
        '<svg class="spark" viewBox="0 0 100 24" role="img" aria-label="{}">'
        '<polyline points="{}" fill="none" stroke="currentColor" stroke-width="2"'
        ' stroke-linejoin="round" vector-effect="non-scaling-stroke"/></svg>',
        label,
        points,
    )


@register.simple_tag
def facts(pairs: Mapping[str, object] | Iterable[tuple[str, object]]) -> SafeString:
    """A list of terms and what they are. Empty values are left out."""
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    rows = format_html_join(
        "",
        "<div><dt>{}</dt><dd>{}</dd></div>",
        ((term, value) for term, value in items if value not in (None, "")),
    )
    return format_html('<dl class="facts">{}</dl>', rows)


@register.simple_tag
def figure(
    title: str, value: object, note: str = "", tone: str = "neutral", url: str = ""
) -> SafeString:
    """One figure with its name, and where its records are listed."""
    inner = format_html(
        '<span class="figure-title">{}</span><span class="figure-value">{}</span>'
        '<span class="figure-note">{}</span>',
        title,
        value,
        note,
    )
    if url:
        return format_html('<a class="figure figure-{}" href="{}">{}</a>', tone, url, inner)
    return format_html('<div class="figure figure-{}">{}</div>', tone, inner)


@register.simple_tag
def copy_button(text: str, label: str = "复制") -> SafeString:
    """Copies a number or a sentence."""
    return format_html(
        '<button type="button" class="linkish" data-copy="{}">{}</button>', text, label
    )


# --- Boxes around other content -------------------------------------------------------------------


@register.simple_block_tag
def card(content: SafeString, title: str = "", aside: object = "", kind: str = "") -> SafeString:
    """A box with a title and, at its right, a remark. `kind` is list, plain or script."""
    head = (
        format_html(
            '<header class="box-head"><h2>{}</h2><span class="box-aside">{}</span></header>',
            title,
            aside,
        )
        if title
        else NOTHING
    )
    return format_html(
        '<section class="box{}">{}<div class="box-body">{}</div></section>',
        f" box-{kind}" if kind else "",
        head,
        content,
    )


@register.simple_block_tag
def line(content: SafeString, title: object, note: object = "", url: str = "") -> SafeString:
    """One thing in a card: its name and a note at the left, at the right what the block holds."""
    name = format_html('<a href="{}">{}</a>', url, title) if url else title
    return format_html(
        '<div class="line"><div class="line-title">{}</div><div class="line-end">{}</div>'
        '<div class="line-note">{}</div></div>',
        name,
        content,
        note,
    )


@register.simple_block_tag
def entry(
    content: SafeString,
    title: str,
    at: datetime | None = None,
    who: str = "",
    note: str = "",
    now: datetime | None = None,
    tone: str = "neutral",
) -> SafeString:
    """One thing that happened, in an <ol class="story">; the block holds what was said."""
    when = (
        format_html(
            '<time datetime="{}" title="{}">{}</time>',
            at.isoformat(),
            words.full_moment(at),
            words.moment(at, now),
        )
        if at
        else NOTHING
    )
    return format_html(
        '<li class="entry entry-{}"><div class="entry-head"><strong>{}</strong> {} '
        '<span class="entry-who">{}</span> <span class="entry-note">{}</span></div>'
        '<div class="entry-body">{}</div></li>',
        tone,
        title,
        when,
        who,
        note,
        mark_safe(content.strip()),  # noqa: S308 - rendered already; line ends would show
    )


@register.simple_block_tag
def dialog(content: SafeString, name: str, title: str) -> SafeString:
    """A dialog that data-open="name" opens; it holds a whole form, buttons and all."""
    return format_html(
        '<dialog class="dialog" id="{}" aria-labelledby="{}-title"><header class="box-head">'
        '<h2 id="{}-title">{}</h2><button type="button" class="linkish" data-close>关上</button>'
        '</header><div class="box-body">{}</div></dialog>',
        name,
        name,
        name,
        title,
        content,
    )


@register.simple_block_tag
def action(content: SafeString, keys: str = "", kind: str = "primary") -> SafeString:
    """The submit button of a form, with its keys. `kind` is primary, big, quiet or danger."""
    hint = kbd(*keys.split()) if keys else NOTHING
    return format_html(
        '<button type="submit" class="act act-{}"><span>{}</span>{}</button>', kind, content, hint
    )


# --- Forms ----------------------------------------------------------------------------------------


@register.inclusion_tag("web/field.html")
def field(bound: BoundField, label: str = "", help_text: str = "") -> dict[str, Any]:
    """Label, control, help and error of one form field; what was typed stays."""
    widget = bound.field.widget
    return {
        "field": bound,
        "label": label or bound.label,
        "help_text": help_text or bound.help_text,
        "shape": _shape(widget),
        "control": bound.as_widget(attrs=_attributes(widget, bool(bound.errors))),
    }


def _shape(widget: Widget) -> str:
    """How a field is laid out: hidden, tick (one box), picks (chips), file or plain."""
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, CheckboxInput):
        return "tick"
    if widget.use_fieldset and isinstance(getattr(widget, "choices", None), Iterable):
        return "picks"
    return "file" if isinstance(widget, FileInput) else "plain"


def _attributes(widget: Widget, wrong: bool) -> dict[str, str | bool]:
    if isinstance(widget, CheckboxInput | CheckboxSelectMultiple) or widget.use_fieldset:
        name = "form-check-input"
    else:
        name = "form-select" if isinstance(widget, Select) else "form-control"
    own = widget.attrs.get("class", "")
    return {"class": " ".join(filter(None, (own, name, "is-invalid" if wrong else "")))}


@register.inclusion_tag("web/form_errors.html")
def form_errors(form: object) -> dict[str, object]:
    """What is wrong with the form as a whole, and that fields below are marked."""
    return {"form": form}


# --- Small lists ----------------------------------------------------------------------------------


@register.inclusion_tag("web/tabs.html")
def tabs(items: Sequence[object], label: str, kind: str = "tabs") -> dict[str, object]:
    """Pages of one thing, as links. `kind` is tabs, or segments for a view switch."""
    return {"items": items, "label": label, "kind": kind}


@register.inclusion_tag("web/pager.html")
def pager(page: object) -> dict[str, object]:
    """Newer and older of a list that is read by key (pieces.Pager)."""
    return {"page": page}


@register.inclusion_tag("web/empty.html")
def empty(title: str, hint: str = "", url: str = "", word: str = "") -> dict[str, str]:
    """Nothing here: says so, says why, and offers what to do (`url` with its `word`)."""
    return {"title": title, "hint": hint, "url": url, "word": word}


@register.inclusion_tag("web/files.html")
def files(items: Sequence[object]) -> dict[str, object]:
    """Photos as pictures, other files by name (pieces.FileLink)."""
    return {"items": items}


@register.inclusion_tag("web/checks.html")
def checks(items: Sequence[object]) -> dict[str, object]:
    """What is there and what is still missing (pieces.Check)."""
    return {"items": items}


@register.inclusion_tag("web/steps.html")
def steps(items: Sequence[object]) -> dict[str, object]:
    """A row of steps with the one to do now (pieces.steps)."""
    return {"items": items}


@register.inclusion_tag("web/refusal.html")
def refusal(sentence: object, clause: str = "") -> dict[str, object]:
    """Why something may not be done, what to do instead, and the clause."""
    return {"sentence": sentence, "clause": clause}
