"""What the editors' group may do in admin. One table; docs/roles.md says the same in words, and a test compares them.

Administrators (superusers) may do everything; nobody else manages users, so editors cannot raise their own rights.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction

from accounts.models import EDITORS_GROUP

ALL = ("view", "add", "change", "delete")
KEEP = ("view", "add", "change")
LOOK = ("view",)

EDITOR_RIGHTS: dict[str, tuple[str, ...]] = {
    # Content. Entries: admin lets drafts be deleted and nothing else (editorial.admin_content).
    "catalogue.entry": ALL,
    "catalogue.measure": ALL,
    "catalogue.timelinestep": ALL,
    "catalogue.step": ALL,
    "catalogue.hardquestion": ALL,
    "catalogue.reuse": ALL,
    "catalogue.story": ALL,
    "catalogue.storythanks": ("view", "change", "delete"),
    "catalogue.inquiry": LOOK,
    "catalogue.collection": ALL,
    "catalogue.chapter": ALL,
    "catalogue.collectionentry": ALL,
    # Projects and innovation units: as entries.
    "mapping.project": ALL,
    "mapping.unit": ALL,
    # Storms and ideas: as entries. Criteria stand once the storm has opened; answers and merges are read only here.
    "ideastorm.storm": ALL,
    "ideastorm.criterion": ALL,
    "ideastorm.invitation": KEEP,
    "ideastorm.idea": ALL,
    # Innovationspraktik: places as entries; a round that nobody has seen may be deleted (practicum.admin).
    "practicum.round": ALL,
    "practicum.offer": ALL,
    "practicum.offerentry": ALL,
    "editorial.picture": ALL,
    "editorial.link": ALL,
    "editorial.contact": ALL,
    "editorial.participation": ALL,
    # Words. A tag may go (its uses with it); a subject area only while nothing has it (editorial.admin).
    "editorial.tag": ALL,
    "editorial.tagsynonym": ALL,
    "editorial.taggedcontent": ALL,
    "editorial.subjectarea": ALL,
    # The log is read only, for administrators too.
    "editorial.decision": LOOK,
    # What waits is decided at /admin/moderation/; letters, consents and reports stay as they were written.
    "editorial.queueitem": ("view", "change"),
    "editorial.standardreason": ALL,
    "editorial.letter": LOOK,
    "editorial.consent": LOOK,
    "editorial.report": LOOK,
    # Places. Workplaces are closed or merged; one that nothing points at may be deleted (places.admin).
    "places.region": KEEP,
    "places.municipality": ("view", "change"),
    "places.municipalityregion": ALL,
    "places.workplace": ALL,
    "places.workplaceperiod": ALL,
    "places.workplacealias": ALL,
    "places.workplacedomain": ALL,
    "places.succession": ALL,
    # Who speaks for a workplace: answered, paused and trusted by actions with a reason; the log is read only.
    "places.membership": ("view", "change"),
    "places.rolechange": LOOK,
}
"""Model → what editors may do with it."""


@transaction.atomic
def grant_editors() -> list[str]:
    """Give the editors' group exactly the rights of the table; called after each migrate, when permissions exist.

    Returns the names of rights that no migration has made yet (an app that is being removed, say); they are left out.
    """
    if Permission._meta.db_table not in connection.introspection.table_names():
        return []  # only some apps have been migrated yet
    group, _created = Group.objects.get_or_create(name=EDITORS_GROUP)
    wanted = {
        (model.split(".")[0], f"{action}_{model.split('.')[1]}")
        for model, actions in EDITOR_RIGHTS.items()
        for action in actions
    }
    rows = Permission.objects.filter(
        content_type__app_label__in={app for app, _code in wanted}
    ).select_related("content_type")
    found = {(p.content_type.app_label, p.codename): p for p in rows}
    group.permissions.set([found[key] for key in wanted if key in found])
    return sorted(".".join(key) for key in wanted if key not in found)
