"""Static files: which of the vendors' files we serve, and how names carry a fingerprint."""

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from django.contrib.staticfiles.finders import FileSystemFinder
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What the pages ask for in the packages under /static/vendor/. Everything else of a package stays where it is.
VENDOR_SUFFIXES = {".css", ".js", ".svg", ".png", ".woff", ".woff2"}
VENDOR_FILES = (
    "vendor/dkfds/css/dkfds.min.css",
    "vendor/dkfds/css/dkfds-virkdk.min.css",
    "vendor/dkfds/js/dkfds.min.js",
    "vendor/dkfds/fonts/",
    "vendor/dkfds/img/",
    "vendor/htmx/htmx.min.js",
)


def is_needed(path: str) -> bool:
    """Tell whether a file (its path below /static/) is one that we serve."""
    if not path.startswith("vendor/"):
        return True
    return path.startswith(VENDOR_FILES) and PurePosixPath(path).suffix in VENDOR_SUFFIXES


class NeededFiles(FileSystemFinder):
    """Finds files in STATICFILES_DIRS, of the vendors' packages only the needed ones."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """Yield path and storage of every file to collect."""
        for path, storage in super().list(ignore_patterns):
            prefix = getattr(storage, "prefix", None)
            if is_needed(f"{prefix}/{path}" if prefix else path):
                yield path, storage


class Storage(CompressedManifestStaticFilesStorage):
    """Fingerprinted and compressed; a vendor's stylesheet may name files that we leave out (old font formats, maps)."""

    manifest_strict = False
    max_post_process_passes = 5
    keep_only_hashed_files = True

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> str:
        """Return the name with its fingerprint, or the name itself where the file is not served."""
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            if name.startswith("vendor/"):
                return name
            raise
