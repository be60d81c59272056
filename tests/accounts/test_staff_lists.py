"""Lists in admin stand addresses that somebody has tampered with."""

import pytest
from django.test import Client

from tests.factories import UserFactory


@pytest.mark.parametrize(
    "address",
    [
        "catalogue/entry/?title__regex=((((",
        "catalogue/entry/?slug__exact=%00",
        "editorial/tag/?name__iregex=%5B",
        "catalogue/entry/?published_at__year=99999999",
        "editorial/decision/?at__year=99999999",
    ],
)
def test_an_impossible_filter_leads_to_the_list(db: None, client: Client, address: str) -> None:
    """As Django answers other filters that make no sense: the list, with a word about it."""
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    response = client.get(f"/admin/{address}")
    assert response.status_code == 302
    assert response["Location"].endswith("/?e=1")
    assert client.get(response["Location"]).status_code == 200
