"""A project: something that is being tried at one or more workplaces, whatever comes of it."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from editorial.choices import Kind, Phase
from editorial.fields import one_of, section
from editorial.history import track_type
from editorial.models import Content
from editorial.models.querysets import ContentQuerySet, TransitionError
from editorial.text import plain


class ProjectQuerySet(ContentQuerySet["Project"]):
    """Projects as their pages use them."""

    def with_page(self) -> Self:
        """With what a project's page shows, in a fixed number of queries."""
        return (
            self.with_card()
            .select_related("example")
            .prefetch_related(
                "pictures", "links", "tags", "subject_areas", "participations__workplace__periods"
            )
        )


@track_type
class Project(Content):  # type: ignore[django-manager-missing]
    """A project. Text fields are Markdown; what is not known stays empty.

    A governance laboratory (»styringslaboratorium«) is a project that is one: with a site, a hypothesis and what was
    learnt.
    """

    KINDS: ClassVar = (Kind.PROJECT,)
    URL_NAME: ClassVar = "mapping:project"

    status = models.CharField(_("hvor langt"), max_length=15, choices=Phase, blank=True)
    is_laboratory = models.BooleanField(
        _("styringslaboratorium"), default=False, help_text=_("Et forsøg med at styre på en anden måde.")
    )
    period = models.CharField(
        _("periode"), max_length=120, blank=True, help_text=_("F.eks. »marts–september 2026«.")
    )
    goal = section(_("mål"), _("Hvad skal blive bedre, og for hvem?"))
    hypothesis = section(_("hypotese"), _("Hvad tror I, der sker, når I gør det?"))
    site = models.CharField(
        _("hvor det foregår"),
        max_length=160,
        blank=True,
        help_text=_("F.eks. en afdeling, en skole eller et distrikt."),
    )
    method = section(_("metode"), _("Hvordan prøver I det af, og hvordan følger I med?"))
    results = section(_("resultater indtil nu"), _("Hvad er der kommet ud af det?"))
    failed = section(
        _("det virkede ikke"), _("Hvad gik ikke, som I troede? Det sparer andre for at prøve det samme.")
    )
    learned = section(_("det har vi lært"))
    partners = models.CharField(
        _("partnere, der ikke er på portalen"),
        max_length=300,
        blank=True,
        help_text=_("Skriv navnene med komma imellem."),
    )
    wanted = section(_("det vil vi gerne have hjælp til"), _("Hvem vil I gerne høre fra, og om hvad?"))
    example = models.ForeignKey(
        "catalogue.Entry",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="projects",
        verbose_name=_("eksemplet, det førte til"),
        help_text=_("På kortet og i søgningen vises de to som ét."),
    )

    objects = ProjectQuerySet.as_manager()  # type: ignore[misc]

    TEXTS: ClassVar = ("goal", "hypothesis", "method", "results", "failed", "learned", "wanted")
    """The sections of text, in the order of the page."""
    PARTS: ClassVar = (
        *Content.PARTS, *TEXTS, "status", "is_laboratory", "period", "site", "partners", "example_id",
    )  # fmt: skip

    class Meta:
        verbose_name = _("projekt")
        verbose_name_plural = _("projekter")
        constraints: ClassVar = [one_of("status", Phase, name="project_status_known", blank=True)]

    def ensure_publishable(self) -> None:
        """See Content; a project also needs a subject area, so that others can find it."""
        super().ensure_publishable()
        if not self.subject_areas.exists():
            raise TransitionError(_("Et projekt skal have mindst ét fagområde."))

    def search_fields(self) -> dict[str, Any]:
        """See Content; with the sections as body, the status, and the example it led to."""
        texts = [plain(text) for name in self.TEXTS if (text := getattr(self, name))]
        laboratory = _("styringslaboratorium") if self.is_laboratory else ""
        return {
            **super().search_fields(),
            "body": " \n".join(filter(None, [str(laboratory), self.site, *texts, self.partners])),
            "status": self.status,
            "same_content": self.example_id,
        }
