"""Measure front page, list, entry and map with Lighthouse (`make lighthouse`).

Takes the address of a running portal (default: http://localhost:8000) and prints a table; exit status 1 when a
category is below the limit. Not part of CI: the figures for speed depend on what else the machine is doing.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

BASE = Path(__file__).resolve().parent.parent
PROGRAM = BASE / "node_modules" / "lighthouse" / "cli" / "index.js"
PATHS = {
    "front": "/",
    "list": "/katalog/",
    "entry": "/katalog/vi-ringer-foer-brevet-bliver-sendt/",
    "map": "/kort/",
}
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TIMES = {
    "first-contentful-paint": "FCP",
    "largest-contentful-paint": "LCP",
    "cumulative-layout-shift": "CLS",
    "total-blocking-time": "TBT",
}
LIMIT = 95


def measure(address: str, preset: str) -> dict[str, Any]:
    """Return Lighthouse's report of one page, as a phone or as a desktop sees it."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not browser or not shutil.which("node"):
        sys.exit("Lighthouse needs node and a chromium.")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            *("node", str(PROGRAM), address, "--quiet", "--output=json", f"--output-path={report}"),
            *(["--preset=desktop"] if preset == "desktop" else []),
            f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox",
        ]
        subprocess.run(command, env=os.environ | {"CHROME_PATH": browser}, check=True, timeout=180)
        found: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
        return found


def main() -> None:
    """Measure all pages and print what was found, with the audits that cost something."""
    portal = (sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000").rstrip("/")
    print(f"{'page':<16}" + "".join(f"{name:>16}" for name in CATEGORIES) + "   " + "  ".join(TIMES.values()))
    low, costs = False, []
    for preset in ("phone", "desktop"):
        for name, path in PATHS.items():
            report = measure(portal + path, preset)
            scores = [round((report["categories"][c]["score"] or 0) * 100) for c in CATEGORIES]
            times = [report["audits"][audit]["displayValue"].replace("\u00a0", " ") for audit in TIMES]
            print(
                f"{name + ', ' + preset:<16}" + "".join(f"{s:>16}" for s in scores) + "   " + "  ".join(times)
            )
            low = low or min(scores) < LIMIT
            for category in CATEGORIES:
                for reference in report["categories"][category]["auditRefs"]:
                    audit = report["audits"][reference["id"]]
                    if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                        costs.append(f"  {name}, {preset}: {audit['title']} {audit.get('displayValue', '')}")
    if costs:
        print("\nWhat costs something:", *costs, sep="\n")
    sys.exit(1 if low else 0)


if __name__ == "__main__":
    main()
