"""The list of practicum places."""

from django.test import Client

from tests.factories import public_offer


def test_list(client: Client, db: None) -> None:
    offer = public_offer()
    page = client.get("/praktik/")
    assert page.status_code == 200
    assert f'data-slug="{offer.slug}"' in page.content.decode()
    assert client.get(offer.get_absolute_url()).status_code == 200
    assert client.get("/praktik/feed/").status_code == 200
    for kind in ("csv", "xlsx", "json"):
        assert client.get(f"/praktik/eksport.{kind}").status_code == 200
