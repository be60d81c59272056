"""`migrate`, as the owner of the tables, and afterwards the web role's rights."""

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate

from accounts.models import User
from accounts.roles import grant_editors
from coi import environment, roles
from coi.management.commands.load_demo import ACCOUNTS, PASSWORD


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
                roles.renew_transactions(connection)
                grant_editors()
            if not settings.DEMO and User._meta.db_table in connection.introspection.table_names():
                refuse_demo_accounts()


def refuse_demo_accounts() -> None:
    """Stop when somebody can log in with a demonstration's password, which stands in the README."""
    for user in User.objects.filter(email__in=ACCOUNTS, is_active=True):
        if user.check_password(PASSWORD):
            environment.stop(
                f"DATABASE_URL: databasen har demonstrationens konti ({user.email}), og deres adgangskode kendes af "
                "alle. Brug en anden database, eller gør kontiene inaktive."
            )
