"""`migrate`, as the owner of the tables, and afterwards the web role's rights."""

from typing import Any

from django.core.management.commands import migrate

from coi import roles


class Command(migrate.Command):
    """Django's migrate on DATABASE_OWNER_URL; ends by giving the web role its rights anew."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate and grant. Looking only (--plan, --check) changes nothing."""
        with roles.as_owner(options["database"]) as connection:
            roles.check_version(connection)
            super().handle(*args, **options)
            if not options["plan"] and not options["check_unapplied"]:
                roles.ensure_web_role(connection)
                roles.apply_grants(connection)
