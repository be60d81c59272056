"""The demonstration's mail: shown in the console and kept as files, never sent."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.console import EmailBackend as Console
from django.core.mail.backends.filebased import EmailBackend as Files


class ConsoleAndFiles(BaseEmailBackend):
    """Hand every message to Django's console and file backends (files in settings.MAIL_DIR)."""

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.backends = [
            Console(fail_silently=fail_silently),
            Files(fail_silently=fail_silently, file_path=str(settings.MAIL_DIR)),
        ]

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Return how many messages were written."""
        return min(backend.send_messages(email_messages) or 0 for backend in self.backends)
