"""No secret and no large file in what git holds: the same check for `make lint` and for pre-commit."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

LARGEST = 600_000  # bytes: the referential is the largest file that belongs here
PLUGINS = ["AWSKeyDetector", "BasicAuthDetector", "GitHubTokenDetector", "JwtTokenDetector", "PrivateKeyDetector"]
# addresses with a password that are examples or tests, each for its reason
EXAMPLES = {"club:club@", ":secret@", ":secret%40@"}


def held() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True, text=True).stdout
    return [Path(name) for name in names.split("\0") if name and Path(name).is_file()]


def main() -> int:
    """Name every file that is too large or that holds what looks like a secret."""
    wrong = [f"{file} : {file.stat().st_size} octets, c’est trop" for file in held() if file.stat().st_size > LARGEST]
    with transient_settings({"plugins_used": [{"name": name} for name in PLUGINS]}):
        for file in held():
            if file.suffix in (".xz", ".gz", ".png", ".svg") or file.stat().st_size > LARGEST:
                continue
            lines = file.read_text(errors="replace").splitlines()
            for found in scan_file(str(file)):
                line = lines[found.line_number - 1] if found.line_number <= len(lines) else ""
                if not any(example in line for example in EXAMPLES):
                    wrong.append(f"{file}:{found.line_number} : {found.type}")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
