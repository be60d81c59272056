"""Assessment: who assesses which idea, what they give it by each criterion, and who may not."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from editorial.fields import one_of
from editorial.rules import refuse
from ideastorm.choices import ConflictKind
from ideastorm.models.idea import Idea
from ideastorm.models.rules import STORM_VARIABLES, storm_of_idea
from ideastorm.models.storm import Criterion

LEAST, MOST = 1, 5
"""Points for a criterion."""


class Conflict(models.Model):
    """That somebody does not assess an idea: they said so themselves, or lead whoever wrote it."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="conflicts")
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="idea_conflicts"
    )
    kind = models.CharField(_("hvorfor"), max_length=6, choices=ConflictKind, default=ConflictKind.DECLARED)
    note = models.CharField(_("note"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("sagt"), db_default=Now())

    class Meta:
        verbose_name = _("kan ikke vurdere")
        verbose_name_plural = _("kan ikke vurdere")
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            one_of("kind", ConflictKind, name="conflict_kind_known"),
            models.UniqueConstraint(fields=["idea", "assessor"], name="conflict_once"),
        ]

    def __str__(self) -> str:
        return f"{self.assessor}: {self.idea}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments as pages use them. Nobody is shown another's before their own is sent: see can_see_scores."""

    def sent(self) -> Self:
        """Those that are done."""
        return self.filter(sent_at__isnull=False)

    def active(self) -> Self:
        """Those whose assessor has no conflict."""
        return self.exclude(
            models.Exists(
                Conflict.objects.filter(idea=models.OuterRef("idea"), assessor=models.OuterRef("assessor"))
            )
        )

    def standing(self) -> Self:
        """Those that count: sent, or of somebody without a conflict whose account is open."""
        return self.filter(
            Q(sent_at__isnull=False) | Q(pk__in=self.model.objects.active(), assessor__is_active=True)
        )


class Assignment(models.Model):
    """That somebody assesses an idea. Sent once, with every criterion; from then on it stands."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="assignments")
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="idea_assignments",
        verbose_name=_("vurderes af"),
    )
    assigned_at = models.DateTimeField(_("fordelt"), db_default=Now())
    sent_at = models.DateTimeField(_("sendt"), null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("vurdering")
        verbose_name_plural = _("vurderinger")
        ordering: ClassVar = ["assigned_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["idea", "assessor"],
                name="assignment_once",
                violation_error_message=_("Ideen er allerede fordelt til den samme."),
            )
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="is_impartial_and_whole",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=STORM_VARIABLES,
                func=f"""
                    IF TG_OP = 'UPDATE' THEN
                        IF NEW.idea_id <> OLD.idea_id OR NEW.assessor_id <> OLD.assessor_id THEN
                            {refuse("assignment_stands", "an assignment is not given to another")}
                        END IF;
                        IF OLD.sent_at IS NOT NULL AND NEW.sent_at IS DISTINCT FROM OLD.sent_at THEN
                            {refuse("assignment_sent_once", "what was sent stands")}
                        END IF;
                        IF NEW.assessor_id IS NULL OR NEW.sent_at IS NOT DISTINCT FROM OLD.sent_at THEN
                            RETURN NEW;
                        END IF;
                    END IF;
                    IF EXISTS (SELECT 1 FROM ideastorm_conflict WHERE idea_id = NEW.idea_id
                            AND assessor_id = NEW.assessor_id)
                        OR EXISTS (SELECT 1 FROM editorial_content WHERE id = NEW.idea_id
                            AND author_id = NEW.assessor_id) THEN
                        {refuse("assessor_is_impartial", "the author and whoever has a conflict do not assess")}
                    END IF;
                    IF NEW.sent_at IS NULL THEN RETURN NEW; END IF;
                    {storm_of_idea("NEW.idea_id")}
                    IF live AND (coi_now() < until OR finished IS NOT NULL) THEN
                        {refuse("assessment_in_time", "the storm is not being assessed")}
                    END IF;
                    IF EXISTS (SELECT 1 FROM ideastorm_criterion k JOIN ideastorm_idea i ON i.storm_id = k.storm_id
                        WHERE i.content_ptr_id = NEW.idea_id AND NOT EXISTS (SELECT 1 FROM ideastorm_score s
                            WHERE s.assignment_id = NEW.id AND s.criterion_id = k.id)) THEN
                        {refuse("assessment_is_whole", "a criterion has no points")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessor}: {self.idea}"


class Score(models.Model):
    """What an assessor gives an idea by one criterion."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    points = models.PositiveSmallIntegerField(_("point"))
    note = models.TextField(_("note"), blank=True, max_length=2000)
    updated_at = models.DateTimeField(_("skrevet"), auto_now=True)

    class Meta:
        verbose_name = _("point")
        verbose_name_plural = _("point")
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assignment", "criterion"], name="score_once"),
            models.CheckConstraint(
                condition=Q(points__range=(LEAST, MOST)),
                name="score_in_range",
                violation_error_message=_("Giv fra 1 til 5 point."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="stands_once_sent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[
                    *STORM_VARIABLES,
                    ("assigned", "bigint"),
                    ("of_idea", "bigint"),
                    ("sent", "timestamptz"),
                ],
                func=f"""
                    assigned = CASE WHEN TG_OP = 'INSERT' THEN NEW.assignment_id ELSE OLD.assignment_id END;
                    SELECT idea_id, sent_at INTO of_idea, sent FROM ideastorm_assignment WHERE id = assigned FOR SHARE;
                    -- A note may lose an address that stood in it, when its owner is erased.
                    IF sent IS NOT NULL AND (TG_OP <> 'UPDATE' OR to_jsonb(NEW) - '{{note,updated_at}}'::text[]
                        IS DISTINCT FROM to_jsonb(OLD) - '{{note,updated_at}}'::text[]) THEN
                        {refuse("score_stands_once_sent", "what was sent stands")}
                    END IF;
                    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
                    IF NEW.assignment_id <> assigned THEN
                        {refuse("score_stays", "points stay with their assessment")}
                    END IF;
                    IF NOT EXISTS (SELECT 1 FROM ideastorm_criterion k JOIN ideastorm_idea i ON i.storm_id = k.storm_id
                        WHERE k.id = NEW.criterion_id AND i.content_ptr_id = of_idea) THEN
                        {refuse("score_by_the_storms_criteria", "the criterion is of another storm")}
                    END IF;
                    {storm_of_idea("of_idea")}
                    IF live AND (coi_now() < until OR finished IS NOT NULL) THEN
                        {refuse("assessment_in_time", "the storm is not being assessed")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            )
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.points}"
