"""A form as dkfds draws it: `{% field form.title %}` for one field, `{% form_errors form %}` for the summary above."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.forms.widgets import ClearableFileInput, Select, Textarea
from django.utils.translation import ngettext

register = template.Library()


def _shape(bound: BoundField) -> str:
    """Which of dkfds' shapes the field has: tick, choices, area, select, file, or text."""
    widget = bound.field.widget
    if isinstance(widget, CheckboxInput):
        return "tick"
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "choices"
    for kind, name in ((Textarea, "area"), (Select, "select"), (ClearableFileInput, "file")):
        if isinstance(widget, kind):
            return name
    return "text"


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "", css_class: str = "", hint: str = "") -> dict[str, Any]:
    """One field with label, hint and errors, described to screen readers. Everything may be overridden.

    A field that is not required says so (»frivilligt«); dkfds marks the exception, not the rule. A form may carry
    `data-` attributes in the widget's attrs.
    """
    shape = _shape(bound)
    id_ = bound.id_for_label if shape != "choices" else bound.auto_id
    id_ = id_ or bound.auto_id or bound.html_name
    hint = hint or str(bound.help_text or "")
    described = [f"{id_}-hint"] if hint else []
    if bound.errors:
        described.append(f"{id_}-error")
    attrs: dict[str, Any] = {}
    if described and shape != "choices":
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors and shape != "choices":
        attrs["aria-invalid"] = "true"
    if shape in ("text", "area", "file"):
        attrs["class"] = f"form-input {bound.field.widget.attrs.get('class', '')}".strip()
    elif shape == "select":
        attrs["class"] = "form-select"
    elif shape == "tick":
        attrs["class"] = "form-checkbox"
    widget = bound.field.widget
    single = isinstance(widget, RadioSelect) and not isinstance(widget, CheckboxSelectMultiple)
    # What must be answered here or in the field beside it is not voluntary, although either may be empty.
    required = bound.field.required or getattr(bound.field, "one_of_several", False)
    return {
        "bound": bound,
        "shape": shape,
        "id": id_,
        "label": label or bound.label,
        "hint": hint,
        "described": " ".join(described),
        "control": bound.as_widget(attrs=attrs) if shape != "choices" else "",
        "single": single,
        "css_class": css_class,
        "optional": not required and shape != "tick" and not bound.field.widget.is_hidden,
    }


@register.inclusion_tag("components/form_errors.html")
def form_errors(*forms: BaseForm | None, heading: str = "") -> dict[str, Any]:
    """The summary of what is wrong, with a link to each field. Empty without errors."""
    found = []
    for form in forms:
        if form is None or not form.is_bound:
            continue
        found += [("", error) for error in form.non_field_errors()]
        for bound in form:
            target = bound.id_for_label or bound.auto_id
            if _shape(bound) == "choices":
                target = f"{bound.auto_id}_0"
            found += [("" if bound.is_hidden else target, error) for error in bound.errors]
    count = len(found)
    return {
        "errors": found,
        "heading": heading
        or ngettext("Der er noget at rette", "Der er noget at rette %(n)s steder", count) % {"n": count},
    }
