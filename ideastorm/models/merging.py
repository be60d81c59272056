"""That two ideas are read as one. Nothing moves: originals, versions, comments and support stay where they are, and the
survivor counts what stands under it. So undoing a merge is exact, whatever has happened meanwhile."""

from __future__ import annotations

from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from editorial.rules import refuse
from ideastorm.models.idea import Idea
from ideastorm.models.rules import STORM_VARIABLES, storm_of_idea


class IdeaMergeQuerySet(models.QuerySet["IdeaMerge"]):
    """Merges as pages use them."""

    def active(self) -> Self:
        """Those that nobody has undone."""
        return self.filter(undone_at=None)


class IdeaMerge(models.Model):
    """`merged` is read under `survivor`, until it is undone. Idea.merged_into follows it, by a trigger.

    One level: what has been merged takes nothing in, and what has taken something in is not merged itself. To merge it
    further, undo and merge each again.
    """

    survivor = models.ForeignKey(
        Idea, on_delete=models.PROTECT, related_name="taken_in", verbose_name=_("bliver stående")
    )
    merged = models.ForeignKey(
        Idea, on_delete=models.PROTECT, related_name="merges", verbose_name=_("lægges ind under")
    )
    reason = models.CharField(_("hvorfor"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("lagt sammen"), db_default=Now())
    made_by_key = models.UUIDField(_("lagt sammen af"), null=True, blank=True)
    undone_at = models.DateTimeField(_("skilt ad"), null=True, blank=True)
    undone_by_key = models.UUIDField(_("skilt ad af"), null=True, blank=True)

    objects = IdeaMergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("sammenlægning")
        verbose_name_plural = _("sammenlægninger")
        ordering: ClassVar = ["-made_at", "-id"]
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["merged"],
                condition=Q(undone_at__isnull=True),
                name="merge_once",
                violation_error_message=_("Ideen er allerede lagt sammen med en anden."),
            ),
            models.CheckConstraint(
                condition=~Q(survivor=F("merged")),
                name="merge_of_two",
                violation_error_message=_("Vælg to forskellige ideer."),
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="one_level",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=STORM_VARIABLES,
                func=f"""
                    IF TG_OP = 'UPDATE' AND ((NEW.survivor_id, NEW.merged_id) IS DISTINCT FROM
                        (OLD.survivor_id, OLD.merged_id) OR NEW.undone_at IS NULL AND OLD.undone_at IS NOT NULL) THEN
                        {refuse("merge_stands", "a merge is undone, never changed")}
                    END IF;
                    IF TG_OP = 'INSERT' OR NEW.undone_at IS DISTINCT FROM OLD.undone_at THEN
                        {storm_of_idea("NEW.merged_id")}
                        IF live AND finished IS NOT NULL THEN
                            {refuse("merge_until_finished", "what is merged when a storm is finished stays so")}
                        END IF;
                    END IF;
                    IF TG_OP = 'UPDATE' THEN RETURN NEW; END IF;
                    -- Both rows, in one order, so that two merges at once see each other.
                    PERFORM 1 FROM ideastorm_idea WHERE content_ptr_id IN (NEW.survivor_id, NEW.merged_id)
                        ORDER BY content_ptr_id FOR UPDATE;
                    IF (SELECT count(DISTINCT storm_id) FROM ideastorm_idea
                        WHERE content_ptr_id IN (NEW.survivor_id, NEW.merged_id)) <> 1 THEN
                        {refuse("merge_within_storm", "only ideas of one storm are merged")}
                    END IF;
                    IF EXISTS (SELECT 1 FROM ideastorm_ideamerge WHERE undone_at IS NULL
                        AND (merged_id = NEW.survivor_id OR survivor_id = NEW.merged_id)) THEN
                        {refuse("merge_one_level", "what was merged takes nothing in, nor is what took in merged")}
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 - our own names
            ),
            pgtrigger.Trigger(
                name="idea_follows",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    -- The idea's own trigger sets what is right.
                    UPDATE ideastorm_idea SET merged_into_id = NULL
                    WHERE content_ptr_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.merged_id ELSE NEW.merged_id END;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged} → {self.survivor}"
