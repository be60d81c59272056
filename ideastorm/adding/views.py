"""The page on which an idea's author adds to it, by account or with the receipt that is open.

Context of the template: write.html   idea, storm, form (or None)
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from guards import once
from guards.cpr import refuse_cpr
from guards.once import OnceMixin
from guards.ratelimits import limit
from ideastorm.adding.actions import add_to_idea
from ideastorm.permissions import can_add_to_idea, is_author
from ideastorm.supporting.views import find_idea


class AdditionForm(OnceMixin, forms.Form):
    """What is added."""

    text = forms.CharField(
        label=gettext_lazy("Hvad vil du tilføje?"),
        max_length=2000,
        validators=[refuse_cpr],
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Det står under ideen med dato. Det, der stod før, bliver stående."),
        error_messages={"required": gettext_lazy("Skriv, hvad du vil tilføje.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def add(request: HttpRequest, storm: str, slug: str) -> HttpResponse:
    """Add to one's idea, once others have supported or commented it."""
    idea, visitor = find_idea(request, storm, slug)
    if not is_author(visitor, idea):
        raise PermissionDenied
    context = {"idea": idea, "storm": idea.storm}
    if request.method != "POST":
        may = can_add_to_idea(visitor, idea)
        form = AdditionForm() if may else None
        return render(
            request, "ideastorm/adding/write.html", context | {"form": form}, status=200 if may else 403
        )
    form = AdditionForm(request.POST)
    limit(request, "comment", form=form)
    if form.is_valid():
        token, scope = form.cleaned_data["once"], f"addition:{idea.uuid}"
        try:
            with transaction.atomic():
                if once.first(token, scope) is None:
                    addition = add_to_idea(idea=idea, visitor=visitor, text=form.cleaned_data["text"])
                    once.done(token, scope, idea.get_absolute_url())
                    shown = addition.visible
                else:
                    return once.again(request, idea.get_absolute_url())
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            later = _("Tak. Redaktionen læser din tilføjelse, før den bliver vist.")
            messages.success(request, _("Din tilføjelse er vist.") if shown else later)
            return redirect(idea.get_absolute_url())
    return render(request, "ideastorm/adding/write.html", context | {"form": form}, status=422)
