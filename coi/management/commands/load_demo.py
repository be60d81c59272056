"""What a demonstration starts with: the written content and one account for each role."""

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError

from accounts.models import EDITORS_GROUP, User
from catalogue.loading import load_all
from coi.demo_contributions import load_contributions
from coi.demo_practicum import load_practicum
from coi.demo_reuse import load_reuse
from coi.demo_roles import load_roles
from coi.demo_storms import load_storms
from mapping.loading import load_landscape

PASSWORD = "Demo-coi-2026!"  # noqa: S105 - stands in the README; made by the demonstration only
ACCOUNTS = {
    "admin@demo.example": "Administrator (demo)",
    "moderator@demo.example": "Redaktionen (demo)",
    "medarbejder@demo.example": "Medarbejder i en kommune (demo)",
    "anden@demo.example": "Medarbejder et andet sted (demo)",
    "vaert@demo.example": "Kontaktperson hos en vært (demo)",
    "leder@demo.example": "Leder (demo)",
    "borger@demo.example": "Borger (demo)",
}


class Command(BaseCommand):
    help = "Indlæser demonstrationens indhold og konti. Kan køres igen uden at ændre noget."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demokonti laves kun, hvor DEMO=1.")
        added = load_all()
        landscape = load_landscape()
        for email, name in ACCOUNTS.items():
            known = User.objects.filter(email=email).first()
            if known:  # also in a demonstration that is older than the page of addresses
                EmailAddress.objects.get_or_create(
                    user=known, email=email, defaults={"primary": True, "verified": True}
                )
                continue
            staff = email.startswith(("admin@", "moderator@"))
            user = User.objects.create_user(
                email,
                PASSWORD,
                confirmed=True,
                name=name,
                is_staff=staff,
                is_superuser=email.startswith("admin@"),
            )
            if email.startswith("moderator@"):
                user.groups.add(Group.objects.get(name=EDITORS_GROUP))
        load_roles()
        load_contributions()
        load_reuse()
        load_storms()
        load_practicum()
        self.stdout.write(
            f"Demonstration: {added['entries']} indlæg, {landscape} projekter og enheder og {len(ACCOUNTS)} konti."
        )
