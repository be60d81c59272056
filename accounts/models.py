"""People who can log in. The e-mail address is the login; logs name people only by `User.key`."""

import uuid
from typing import Any, ClassVar

from django.apps import apps
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

EDITORS_GROUP = "Redaktion"
"""The group of staff moderators; made by a migration, its rights in docs/roles.md."""


class UserManager(BaseUserManager["User"]):
    """Makes users; addresses are stored in lower case so that one person gets one account."""

    def _create(self, email: str, password: str | None, **fields: Any) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_user(
        self, email: str, password: str | None = None, *, confirmed: bool = False, **fields: Any
    ) -> "User":
        """A user without any right. Raises ValueError without an address, IntegrityError if it is taken.

        `confirmed` says that the address is known to be theirs; without it they confirm it by mail before they log in.
        """
        with transaction.atomic(using=self._db):
            return self._create_with_address(email, password, confirmed, **fields)

    def _create_with_address(
        self, email: str, password: str | None, confirmed: bool, **fields: Any
    ) -> "User":
        user = self._create(email, password, **fields)
        addresses = apps.get_model("account", "EmailAddress")._default_manager
        addresses.using(self._db).create(user=user, email=user.email, primary=True, verified=confirmed)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """An administrator (used by `createsuperuser`): whoever has the server's shell need not confirm by mail.

        Errors as `create_user`.
        """
        return self.create_user(email, password, confirmed=True, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user with this address, whatever its case. Raises User.DoesNotExist."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Holds what is needed to log in and to be addressed, nothing more."""

    key = models.UUIDField(_("nøgle i logge"), default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(
        _("e-mail"),
        max_length=254,
        help_text=_("Bruges til at logge ind og til beskeder. Vises ikke på portalen."),
    )
    name = models.CharField(
        _("navn"), max_length=150, blank=True, help_text=_("Sådan står du som afsender på portalen.")
    )
    is_staff = models.BooleanField(
        _("ansat i redaktionen"), default=False, help_text=_("Kan logge ind i administrationen.")
    )
    is_active = models.BooleanField(
        _("aktiv"), default=True, help_text=_("Fjern krydset i stedet for at slette en konto.")
    )
    date_joined = models.DateTimeField(_("oprettet"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("bruger")
        verbose_name_plural = _("brugere")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["email"], name="user_email_unique", violation_error_message=_("Adressen er i brug.")
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")),
                name="user_email_lowercase",
                violation_error_message=_("Skriv adressen med små bogstaver."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        """What a page calls this person; may be the address in admin, so never for public pages."""
        return self.name or self.email

    def get_short_name(self) -> str:
        """The first name where there is one."""
        return self.name.split(" ")[0] if self.name else self.email
