"""`migrate`, as the owner of the tables, and afterwards the web role's rights."""

from typing import Any

from django.core.management.commands import migrate

from accounts.roles import grant_editors
from coi import roles


class Command(migrate.Command):
    """Django's migrate on DATABASE_OWNER_URL; ends by giving the web role and the editors' group their rights anew."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and grant. Looking only (--plan, --check) changes nothing."""
        with roles.as_owner(options["database"]) as connection:
            roles.check_version(connection)
            if options["plan"] or options["check_unapplied"]:
                super().handle(*args, **options)
                return
            with roles.one_at_a_time(connection):
                super().handle(*args, **options)
                roles.ensure_web_role(connection)
                roles.apply_grants(connection)
                grant_editors()
