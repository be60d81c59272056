"""Static files: which of the vendors' files we serve, and how names carry a fingerprint."""

from collections.abc import Iterable
from fnmatch import fnmatch
from typing import Any

from django.apps import apps
from django.contrib.staticfiles.finders import AppDirectoriesFinder, FileSystemFinder
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What the pages ask for in the packages under /static/vendor/. Everything else of a package stays where it
# is.
VENDOR_FILES = (
    "vendor/dkfds/css/dkfds.min.css",
    "vendor/dkfds/img/*.svg",
    "vendor/dkfds/fonts/IBMPlexSans/split/woff2/*-Latin1.woff2",
    # Named by dkfds' own stylesheet; a browser takes them for letters outside Latin-1.
    *(
        f"vendor/dkfds/fonts/IBMPlexSans/complete/{kind}/IBMPlexSans-{weight}.{kind}"
        for kind in ("woff", "woff2")
        for weight in ("Regular", "Italic", "Medium", "SemiBold", "Bold")
    ),
    "vendor/htmx/htmx.min.js",
    "vendor/leaflet/leaflet.css",
    "vendor/leaflet/leaflet.js",
)


def is_needed(path: str) -> bool:
    """Tell whether a file (its path below /static/) is one that we serve."""
    return not path.startswith("vendor/") or any(fnmatch(path, pattern) for pattern in VENDOR_FILES)


class NeededFiles(FileSystemFinder):
    """Finds files in STATICFILES_DIRS, of the vendors' packages only the needed ones."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """Yield path and storage of every file to collect."""
        for path, storage in super().list(ignore_patterns):
            prefix = getattr(storage, "prefix", None)
            if is_needed(f"{prefix}/{path}" if prefix else path):
                yield path, storage


class AppFiles(AppDirectoriesFinder):
    """Finds files in the apps' static folders, without django-htmx's own copies of htmx: ours comes from npm."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        """Take the named apps, or all but the one."""
        names = app_names or {app.name for app in apps.get_app_configs()} - {"django_htmx"}
        super().__init__(names, *args, **kwargs)


class Storage(CompressedManifestStaticFilesStorage):
    """Fingerprinted and compressed; a vendor's stylesheet may name files that we leave out (old font formats,
    maps).
    """

    manifest_strict = False
    keep_only_hashed_files = True

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """Return the name with its fingerprint, or the name itself where a vendor's file is not served.

        Raises ValueError for a file of our own that is missing, so that collectstatic finds the mistake.
        """
        try:
            return str(super().hashed_name(name, content, filename))
        except ValueError:
            if name.startswith("vendor/"):
                return name
            raise
