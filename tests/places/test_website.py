"""A workplace's website becomes a link on its page, so it is a web address, whoever writes it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from places.models import Workplace
from tests.factories import WorkplaceFactory


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", " https://x.dk"]
)
def test_only_web_addresses_are_kept(db: None, address: str) -> None:
    """The form explains, the database guarantees."""
    workplace = WorkplaceFactory.create(website="HTTPS://ok.example/")
    with pytest.raises(IntegrityError), transaction.atomic():
        Workplace.objects.filter(pk=workplace.pk).update(website=address)
    workplace.website = address
    with pytest.raises(ValidationError):
        workplace.full_clean()
