"""The site's technical pages and its answers to mistakes."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest
from django.test import Client

from coi import errors
from editorial.models import Picture
from tests.factories import UserFactory, editor, published


def test_alive_without_a_question_to_the_database(client: Client) -> None:
    """No database fixture: a query would fail this test."""
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_ready_when_database_and_migrations_are(client: Client, db: None) -> None:
    """A worker that is silent is told, but does not make the site unready."""
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "migrations": "ok", "worker": "svarer ikke"}
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert client.get("/readyz").json()["worker"] == "ok"


def test_not_ready_while_a_migration_is_missing(client: Client, db: None) -> None:
    """The new code waits for the new tables."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'coi'")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["migrations"]) == (503, "mangler")


def test_robots_and_security_contact(client: Client) -> None:
    """Public pages may be found, what belongs to people and staff may not; a contact is always there."""
    rules = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /admin/" in rules
    assert "Disallow: /" not in rules
    text = client.get("/.well-known/security.txt").content.decode()
    assert text.startswith("Contact: mailto:")
    assert "Expires: 20" in text


@pytest.mark.django_db
def test_pictures_go_with_the_page_they_belong_to(client: Client, settings: object, tmp_path: Path) -> None:
    """Readable while the page is, in every size; gone with it at once, but not for those who edit it."""
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    entry = published()
    Picture.objects.create(content=entry, name="billeder/ab/cd.jpg", width=900, height=600, widths=[400])
    for name in ("billeder/ab/cd.jpg", "billeder/ab/cd-400.webp", "billeder/ab/other.jpg"):
        default_storage.save(name, ContentFile(b"x"))
    response = client.get("/media/billeder/ab/cd-400.webp")
    assert (response.status_code, response["Content-Type"]) == (200, "image/webp")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert client.get("/media/billeder/ab/other.jpg").status_code == 404, "no row has it"
    entry.suspend(by=None, reason="Prøve")
    for name in ("cd.jpg", "cd-400.webp"):
        assert client.get(f"/media/billeder/ab/{name}").status_code == 404
    client.force_login(UserFactory.create())
    assert client.get("/media/billeder/ab/cd.jpg").status_code == 404
    client.force_login(editor())
    response = client.get("/media/billeder/ab/cd.jpg")
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")


@pytest.mark.parametrize("path", ["../../manage.py", "missing.png", "..%2f..%2fmanage.py", ""])
def test_media_gives_out_nothing_else(
    client: Client, settings: object, tmp_path: Path, db: None, path: str
) -> None:
    """Neither other folders nor lists of files."""
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    assert client.get(f"/media/{path}").status_code in {400, 404}


def test_server_error_needs_no_database() -> None:
    """No database fixture: a query would end in the plain answer of last resort, which names no id."""
    response = errors.server_error(HttpRequest())
    assert response.status_code == 500
    assert b'lang="da"' in response.content


def test_a_form_without_its_token_is_explained(db: None) -> None:
    """403, in Danish."""
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    assert b'lang="da"' in response.content
