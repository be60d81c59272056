"""Erasures in admin: the log of them, and the page on which an administrator erases an account at its owner's wish."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.staff_admin import SturdyList
from coi.models import Erasure, Why
from coi.personal_data.erasing import LastAdministratorError, erase
from coi.personal_data.forms import EraseForm


@admin.register(Erasure)
class ErasureAdmin(SturdyList):
    """Which accounts were erased, when and why. For administrators; nothing here can be changed."""

    list_display = ["pseudonym", "why", "closed_only", "at"]
    list_filter: ClassVar = ["why"]
    change_list_template = "admin/coi/erasure_list.html"

    def _is_administrator(self, request: HttpRequest) -> bool:
        return request.user.is_active and bool(getattr(request.user, "is_superuser", False))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_administrator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        """With the page that erases."""
        view = self.admin_site.admin_view(self.erase_view)
        return [path("slet-konto/", view, name="coi_erasure_erase"), *super().get_urls()]

    def erase_view(self, request: HttpRequest) -> HttpResponse:
        """POST with the account's address erases it."""
        if not self._is_administrator(request):
            return HttpResponse(status=403)
        form = EraseForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            user = User.objects.filter(email=form.cleaned_data["address"]).first()
            try:
                former = erase(user=user, why=Why.ASKED, by=request.user) if user else None  # type: ignore[arg-type]
            except LastAdministratorError as error:
                form.add_error(None, error)
            else:
                if former:
                    messages.success(request, _("Kontoen er slettet. Den hedder nu »%s«.") % former)
                else:
                    messages.info(request, _("Kontoen var slettet i forvejen."))
                own = user is not None and user.pk == request.user.pk
                return redirect("home" if own else reverse("admin:coi_erasure_changelist"))
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "form": form,
            "title": _("Slet en konto efter ønske"),
        }  # fmt: skip
        return TemplateResponse(request, "admin/coi/erase.html", context)
