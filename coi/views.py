"""The site's technical pages: alive, ready, robots, security contact, and pictures."""

import logging
import mimetypes
from datetime import timedelta
from pathlib import PurePosixPath

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from editorial import receipts
from editorial.models import Picture
from editorial.pictures import may_see_hidden

log = logging.getLogger(__name__)

# A worker tells every ten seconds that it lives.
WORKER_SILENCE = 60


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: the process answers. Asks nothing of the database."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready: the database answers and has every migration. The worker's state does not decide."""
    found = {"database": "fejl", "migrations": "ukendt", "worker": "ukendt"}
    try:
        executor = MigrationExecutor(connection)
        found["database"] = "ok"
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        found["migrations"] = "mangler" if pending else "ok"
        if not pending:
            found["worker"] = "ok" if worker_lives() else "svarer ikke"
    except Exception:
        log.exception("not ready")
    ready = found["database"] == found["migrations"] == "ok"
    return JsonResponse({"status": "ok" if ready else "ikke klar"} | found, status=200 if ready else 503)


def worker_lives() -> bool:
    """Tell whether a worker has given a sign of life lately."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM procrastinate_workers"
            " WHERE last_heartbeat > now() - make_interval(secs => %s))",
            [WORKER_SILENCE],
        )
        return bool(cursor.fetchone()[0])


@require_safe
@cache_control(max_age=86_400, public=True)
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what to leave alone, and where the map of pages is."""
    rules = ["/admin/", "/konto/", "/min-side/", "/kvittering/", "/*?*"]
    lines = ["User-agent: *", *(f"Disallow: {rule}" for rule in rules)]
    lines += ["", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(max_age=86_400, public=True)
def security_txt(request: HttpRequest) -> HttpResponse:
    """Tell whoever finds a hole where to report it (RFC 9116)."""
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: mailto:{settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: da, en",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """Give out a picture of content that may be read; to those who sent or edit it, also of what may not.

    A page that is taken down takes its pictures with it, so nobody gives them out past this. Browsers keep a public
    one for ten minutes.
    """
    pictures = Picture.objects.of_file(path)
    public = pictures.readable().exists()
    if not public and not may_see_hidden(request.user, path, receipt=lambda: receipts.current(request)):
        raise Http404
    try:
        file = default_storage.open(path)
    except (SuspiciousFileOperation, OSError) as error:
        raise Http404 from error
    kind = mimetypes.guess_type(path)[0]
    response = FileResponse(file, content_type=kind, filename=PurePosixPath(path).name)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=600" if public else "private, no-store"
    return response
