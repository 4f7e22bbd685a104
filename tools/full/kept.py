"""What a run-full installation keeps from one start to the next, and the environment of its processes."""

import hashlib
import json
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Obviously an example, and still true: production refuses to start without these.
LEGAL = {
    "LEGAL_EDITOR": "Exemple local du Club National EcoQuartier",
    "LEGAL_DIRECTOR": "la personne qui a lancé « make run-full »",
    "LEGAL_HOST_NAME": "cette machine",
    "LEGAL_HOST_ADDRESS": "127.0.0.1",
    "LEGAL_HOST_PHONE": "00 00 00 00 00",
    "LEGAL_DPO": "dpo@club.localhost",
    "LEGAL_CONTACT": "contact@club.localhost",
}


def kept_secrets(state: Path) -> dict[str, str]:
    """SECRET_KEY and METRICS_TOKEN of this state, made at the first start, readable by their owner alone."""
    file = state / "secrets.json"
    if not file.exists():
        made = {"SECRET_KEY": secrets.token_urlsafe(60), "METRICS_TOKEN": secrets.token_urlsafe(30)}
        beside = state / "secrets.json.new"
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
            json.dump(made, opened)
        beside.rename(file)
    found: dict[str, str] = json.loads(file.read_text())
    return found


def environment(state: Path, port: int, smtp: str) -> dict[str, str]:
    """Every variable of the site's processes but the addresses of the services and what one kind of process needs.

    It is small on purpose, and says what `.env` could say otherwise: what a developer has set for `make run` must not
    change this site.
    """
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
        "CLUB_ENV": "production",
        "CLUB_STATE": str(state),
        "CLUB_ADDRESS": "127.0.0.1",
        "STATIC_ROOT": str(state / "static"),
        "MEDIA_ROOT": str(state / "media"),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "TRUSTED_PROXIES": "1",
        "LOG_LEVEL": "INFO",
        "EMAIL_URL": smtp,
        "DEFAULT_FROM_EMAIL": "Club National EcoQuartier <club@club.localhost>",
        "DATABASE_POOL": "0",
        **LEGAL,
        **kept_secrets(state),
    }


def static_fingerprint() -> str:
    """What the collected files depend on: our own static files and what makes them, and the pinned packages."""
    look = ROOT / "site" / "look"
    return _fingerprint([look / "bundle.py", look / "static.py", *_ours("**/static/**/*")])


def migrations_fingerprint() -> str:
    """What the database's shape depends on: as long as it is the same, nothing has to be migrated before a start."""
    return _fingerprint(_ours("**/migrations/*.py"))


def _ours(pattern: str) -> list[Path]:
    folders = [ROOT / name for name in ("site", "cms", "search", "forum", "live")]
    return [file for folder in folders for file in sorted(folder.glob(pattern)) if file.is_file()]


def _fingerprint(files: list[Path]) -> str:
    digest = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for file in files:
        info = file.stat()
        digest.update(f"{file}\0{info.st_size}\0{info.st_mtime_ns}\n".encode())
    return digest.hexdigest()
