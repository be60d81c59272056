"""Lock the versions named in pyproject.toml, with hashes and without download addresses (`make lock`)."""

import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
LOCKS = {
    "requirements.txt": [],
    "requirements-dev.txt": ["--extra", "dev"],
    "requirements-node.txt": ["--extra", "node"],
}


def main() -> None:
    """Write the three lock files; the two later ones agree with the first."""
    for name, extra in LOCKS.items():
        constraint = [] if name == "requirements.txt" else ["-c", "requirements.txt"]
        subprocess.run(
            [
                *(sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", *extra, *constraint),
                *(
                    "--universal",
                    "--python-version",
                    "3.11",
                    "--generate-hashes",
                    "--no-header",
                    "--no-annotate",
                ),
                *("--quiet", "--upgrade", "-o", name),
            ],
            cwd=BASE,
            check=True,
        )


if __name__ == "__main__":
    main()
