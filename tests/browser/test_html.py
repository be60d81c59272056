"""HTML and CSS by the validator that the standard's own makers use (vnu)."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.browser.own import OWN, address_of
from tests.browser.portal import Visitor, entries, signed_in
from tests.browser.test_pages import MISSING, PUBLIC, address
from tests.browser.watching import MODULES
from tests.conftest import find_java

VNU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
STYLES = Path(__file__).resolve().parents[2] / "static" / "css"


def validate(*paths: Path) -> list[str]:
    """Return what vnu says about files and folders, warnings included."""
    java = find_java()
    assert java
    command = [java, "-Xss2m", "-jar", str(VNU), "--format", "json", "--also-check-css", *map(str, paths)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return [
        f"{Path(m['url']).name}:{m.get('lastLine')} {m['type']}: {m['message']} {m.get('extract', '')!r}"
        for m in json.loads(result.stderr)["messages"]
    ]


@pytest.mark.java
def test_the_validator_finds_mistakes(tmp_path: Path) -> None:
    """Else its silence would mean nothing."""
    (tmp_path / "broken.html").write_text("<!doctype html><html lang=da><title>x</title><p><div></p>")
    assert len(validate(tmp_path)) >= 1


@pytest.mark.java
@pytest.mark.browser
def test_html_and_css_are_valid(portal: str, tmp_path: Path) -> None:
    """Every sort of page, every entry, what only its owner sees, and our own stylesheets: no error, no warning."""
    paths = [address(portal, path) for path in (PUBLIC | MISSING).values()] + entries(portal)
    stranger = Visitor(portal)
    asked = [(stranger, path) for path in dict.fromkeys(paths)]
    asked += [(signed_in(portal, who), address_of(portal, who, path)) for who, path in OWN.values()]
    for number, (visitor, path) in enumerate(asked):
        name = f"{number:03}{path.split('?')[0].replace('/', '_')}.html"
        (tmp_path / name).write_bytes(visitor.get(path))
    assert not (problems := validate(tmp_path, *STYLES.glob("*.css"))), "\n".join(problems)
