"""Pages on which a contact person lets their workplace ask something.

Context of the templates (templates/ideastorm/asking/):
  ask.html    form, storm (None for a new one)
  who.html    nothing: who may not ask, and what to do about it
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from editorial.models.querysets import TransitionError
from guards import once
from guards.ratelimits import limit
from ideastorm.asking.actions import CORRECTED, ask
from ideastorm.asking.forms import AskForm
from ideastorm.models import Storm
from ideastorm.permissions import Visitor, can_ask

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_POST
@never_cache
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Set a storm up and send it to the editors; who speaks for no workplace reads what to do."""
    if not can_ask(Visitor.of(request)):
        return render(request, "ideastorm/asking/who.html", status=403)
    return _ask(request, None)


@GET_POST
@never_cache
@login_required
def correct(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change what came back from the editors, and send it again. Only whoever set it up."""
    assert isinstance(request.user, User)
    storm = Storm.objects.filter(uuid=uuid, author=request.user).select_related("owner").first()
    if storm is None or storm.state not in CORRECTED:
        raise Http404
    if not can_ask(Visitor.of(request)):
        return render(request, "ideastorm/asking/who.html", status=403)
    return _ask(request, storm)


def _ask(request: HttpRequest, storm: Storm | None) -> HttpResponse:
    assert isinstance(request.user, User)
    user, is_sent = request.user, request.method == "POST"
    form = AskForm(request.POST if is_sent else None, by=user, storm=storm)
    if is_sent:
        limit(request, "proposal", form=form)
        if form.is_valid() and _sent(form, user, storm):
            messages.success(
                request, _("Tak. Redaktionen læser idéstormen, før den bliver vist, og du får svar.")
            )
            return redirect("my_page")
    context = {"form": form, "storm": storm}
    return render(request, "ideastorm/asking/ask.html", context, status=422 if form.is_bound else 200)


def _sent(form: AskForm, user: User, storm: Storm | None) -> bool:
    token, scope = form.cleaned_data["once"], f"storm:{user.key}"
    try:
        with transaction.atomic():
            if once.first(token, scope) is None:
                made = ask(
                    by=user, fields=form.storm_fields(), criteria=form.criteria(), tags=form.tag_names(),
                    message=form.cleaned_data["message"], storm=storm,
                )  # fmt: skip
                once.done(token, scope, made.get_absolute_url())
    except TransitionError as error:
        form.add_error(None, str(error))
        return False
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return False
    return True
