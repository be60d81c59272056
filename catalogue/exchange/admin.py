"""Import and export in the admin of entries: send a file, see what it would do, confirm, follow it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from catalogue.exchange import runs
from catalogue.exchange.columns import COLUMNS, LIST_COLUMNS, REQUIRED
from catalogue.exchange.exporting import CONTENT_TYPES, export, template
from catalogue.exchange.report import Report
from catalogue.models import Entry, ImportRun, RunState
from guards.exports import CellTooLong
from guards.imports import TableError

SHOWN_ROWS = 100
HELP = {
    "external_id": gettext_lazy(
        "Jeres eget id. En række med et id, som portalen kender, retter det indlæg, der har det."
    ),
    "type": gettext_lazy("eksempel, initiativ, videnscenter, forskning, litteratur eller vaerktoej."),
    "title": gettext_lazy("Højst 120 tegn."),
    "summary": gettext_lazy("Højst 500 tegn."),
    "body": gettext_lazy(
        "Det, der ikke hører til under de andre overskrifter. Markdown kan bruges i alle lange tekster."
    ),
    "sector": gettext_lazy("stat, region, kommune, selvejende, organisation, privat, civilsamfund."),
    "region": gettext_lazy("Kode eller navn. Kun når det gælder en hel region; ellers følger den kommunen."),
    "municipality": gettext_lazy("Firecifret kode eller navn."),
    "workplace": gettext_lazy(
        "Navnet nu, et tidligere navn eller det, den også kaldes. Den skal være oprettet."
    ),
    "year_from": gettext_lazy("Årstal."),
    "year_to": gettext_lazy("Årstal."),
    "status": gettext_lazy("F.eks. gennemfoerelse, drift eller afsluttet."),
    "subject_areas": gettext_lazy(
        "Kode eller navn. Et eksempel skal have mindst ét, før det kan offentliggøres."
    ),
    "innovation_types": gettext_lazy("produkt, service, proces-organisation, kommunikation."),
    "values": gettext_lazy(
        "kvalitet, effektivitet, borgerinddragelse, medarbejdertilfredshed, politiske-maal."
    ),
    "tags": gettext_lazy("Nye emner oprettes; synonymer bliver til deres emne."),
    "effect": gettext_lazy("Virkning."),
    "process": gettext_lazy("Proces."),
    "conditions": gettext_lazy("Betingelser."),
    "documentation": gettext_lazy("Dokumentation."),
    "source_url": gettext_lazy("Kildens webadresse."),
    "published_at": gettext_lazy("Dato eller tidspunkt, f.eks. 2026-01-31. Tom: nu, når det offentliggøres."),
}


class UploadForm(forms.Form):
    """The file, and whether what is in it should be public."""

    file = forms.FileField(
        label=gettext_lazy("Fil"), help_text=gettext_lazy("CSV (UTF-8) eller XLSX, højst 20 MB.")
    )
    publish = forms.BooleanField(
        label=gettext_lazy("Offentliggør indlæggene"),
        required=False,
        help_text=gettext_lazy(
            "Ellers bliver nye indlæg kladder. Det, der er offentligt nu, bliver ved med at være det."
        ),
    )

    def clean_file(self) -> UploadedFile:
        """A file of bearable size."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > runs.MAX_BYTES:
            raise forms.ValidationError(_("Filen er større end 20 MB. Del den i flere."))
        return file


class ExchangeAdmin(admin.ModelAdmin):
    """Mix into the entries' admin. Importing takes the rights to add and change entries, exporting that to see them."""

    change_list_template = "admin/catalogue/entry/change_list.html"

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may import."""
        return self.has_add_permission(request) and self.has_change_permission(request)

    def get_urls(self) -> list[URLPattern]:
        """The admin's addresses, and those of importing."""
        pages = [
            ("import/", self.import_view, "import"),
            ("import/skabelon.<str:kind>", require_safe(self.template_view), "import_template"),
            ("import/<uuid:key>/", require_safe(self.run_view), "import_run"),
            ("import/<uuid:key>/bekraeft/", require_POST(self.confirm_view), "import_confirm"),
            ("import/<uuid:key>/genoptag/", require_POST(self.take_up_view), "import_take_up"),
        ]
        own = [
            path(route, self._for_importers(view), name=f"catalogue_entry_{name}")
            for route, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def _for_importers(self, view: Any) -> Any:
        def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
            if not self.has_import_permission(request):
                raise PermissionDenied
            found: HttpResponseBase = view(request, **kwargs)
            return found

        return self.admin_site.admin_view(guarded)

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The list, with the way to importing for who may."""
        context = {"may_import": self.has_import_permission(request), **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, context)
        return response

    # -- import -------------------------------------------------------------

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Send a file. A faulty one is refused at the field, with the line."""
        assert request.user.is_authenticated  # admin_view has seen to it
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                run = runs.start(
                    name=file.name, data=file.read(), publish=form.cleaned_data["publish"], by=request.user
                )
            except TableError as error:
                form.add_error("file", str(error))
            else:
                return self._to_run(run)
        columns = [(c, c in REQUIRED, c in LIST_COLUMNS, HELP[c]) for c in COLUMNS]
        latest = ImportRun.objects.filter(requested_by=request.user.key).defer("file", "report")[:10]
        context = {"title": _("Importér indlæg"), "form": form, "columns": columns, "latest": latest}
        return self._page(request, "import.html", context, status=422 if form.errors else 200)

    def template_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """An empty file with the columns."""
        if kind not in ("csv", "xlsx"):
            kind = "csv"
        response = HttpResponse(b"".join(template(kind)), content_type=CONTENT_TYPES[kind])
        response["Content-Disposition"] = f'attachment; filename="indlaeg-skabelon.{kind}"'
        return response

    def run_view(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """What the file would do, how far it is, or what came of it. htmx asks for the middle of the page only."""
        run = get_object_or_404(ImportRun.objects.defer("file"), uuid=key)
        report = Report.from_json(run.report) if run.report else None
        context = {
            "title": _("Import af »%s«") % run.name,
            "run": run,
            "report": report,
            "states": RunState,
            "shown": report.shown[:SHOWN_ROWS] if report else [],
            "hidden": max(0, report.changes - SHOWN_ROWS) if report else 0,
            "can_confirm": bool(
                report and run.state == RunState.CHECKED and report.changes and not report.broken
            ),
        }
        part = "#run" if getattr(request, "htmx", False) else ""
        return self._page(request, f"import_run.html{part}", context)

    def confirm_view(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Import what was shown."""
        run = get_object_or_404(ImportRun.objects.defer("file"), uuid=key)
        try:
            runs.confirm(run, skip_bad=request.POST.get("skip_bad") == "on")
        except runs.RunError as error:
            messages.warning(request, str(error))
        return self._to_run(run)

    def take_up_view(self, request: HttpRequest, key: UUID) -> HttpResponse:
        """Set a run going again that has come to a stop."""
        run = get_object_or_404(ImportRun.objects.defer("file"), uuid=key)
        try:
            runs.take_up(run)
        except runs.RunError as error:
            messages.warning(request, str(error))
        return self._to_run(run)

    @staticmethod
    def _to_run(run: ImportRun) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:catalogue_entry_import_run", kwargs={"key": run.uuid}))

    def _page(
        self, request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        common = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        return TemplateResponse(
            request, f"admin/catalogue/entry/{name}", {**common, **context}, status=status
        )

    # -- export -------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """The admin's actions, and the three exports for who may see entries."""
        actions: dict[str, Any] = super().get_actions(request)
        if self.has_view_permission(request):
            for name in ("export_csv", "export_xlsx", "export_json"):
                found = self.get_action(name)
                assert found is not None
                actions[name] = found
        return actions

    @admin.action(description=gettext_lazy("Hent de valgte som CSV"))
    def export_csv(self, request: HttpRequest, queryset: QuerySet[Entry]) -> HttpResponseBase:
        """The chosen entries as CSV, whatever their state."""
        return self._export(request, queryset, "csv")

    @admin.action(description=gettext_lazy("Hent de valgte til Excel (XLSX)"))
    def export_xlsx(self, request: HttpRequest, queryset: QuerySet[Entry]) -> HttpResponseBase:
        """The chosen entries as a workbook, whatever their state."""
        return self._export(request, queryset, "xlsx")

    @admin.action(description=gettext_lazy("Hent de valgte som JSON"))
    def export_json(self, request: HttpRequest, queryset: QuerySet[Entry]) -> HttpResponseBase:
        """The chosen entries as JSON, whatever their state."""
        return self._export(request, queryset, "json")

    def _export(self, request: HttpRequest, queryset: QuerySet[Entry], kind: str) -> HttpResponseBase:
        # The list may join other tables to search; the keys, each once and in the list's order, are all we take.
        keys = dict.fromkeys(queryset.values_list("pk", flat=True).iterator(chunk_size=5000))
        try:
            pieces = export(keys, kind, entries=Entry.objects.all())
        except CellTooLong as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.get_full_path())
        response = StreamingHttpResponse(pieces, content_type=CONTENT_TYPES[kind])
        name = f"indlaeg-{timezone.localdate().isoformat()}.{kind}"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
