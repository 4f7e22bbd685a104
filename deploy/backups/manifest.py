"""What a backup says of itself, and every reason not to trust one: found before anything is touched."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 1
NAME = "manifest.json"
UNFINISHED = ".unfinished"


class Refused(Exception):
    """It cannot be done; the message is one clear sentence (French)."""


@dataclass
class Manifest:
    """The content of manifest.json."""

    made_at: str
    release: str
    kind: str  # postgresql or sqlite
    server: str  # its version
    migrations: list[str]  # app.name of all that were applied
    media_files: int
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Name in the folder → sha256 and bytes."""
    format: int = FORMAT

    def add(self, file: Path) -> None:
        """Take a file of the backup's folder up."""
        self.files[file.name] = {"sha256": sha256(file), "bytes": file.stat().st_size}

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / NAME).write_text(text + "\n", encoding="utf-8")


def sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def read(folder: Path) -> Manifest:
    """The manifest of a whole and undamaged backup. Raises `Refused`."""
    if not folder.is_dir():
        raise Refused(f"{folder} n’est pas une sauvegarde : donnez le dossier que « backup » a écrit.")
    if folder.name.endswith(UNFINISHED) or not (folder / NAME).is_file():
        raise Refused(f"La sauvegarde {folder} est incomplète (elle a été interrompue) : prenez-en une autre.")
    try:
        content = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if int(content["format"]) > FORMAT:
            raise Refused(f"La sauvegarde {folder} vient d’une version plus récente du site : mettez le code à jour.")
        manifest = Manifest(**content)
        expected = {name: (str(about["sha256"]), int(about["bytes"])) for name, about in manifest.files.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Refused(f"La sauvegarde {folder} est abîmée ({NAME} est illisible) : prenez-en une autre.") from error
    for name, (digest, size) in expected.items():
        file = folder / name
        if Path(name).name != name or not file.is_file():
            raise Refused(f"La sauvegarde {folder} est incomplète ({name} manque) : prenez-en une autre.")
        if file.stat().st_size != size or sha256(file) != digest:
            raise Refused(f"La sauvegarde {folder} est abîmée ({name} a changé) : prenez-en une autre.")
    return manifest


def check_known(manifest: Manifest, known: set[str]) -> None:
    """Refuse a backup whose database is ahead of this code. Raises `Refused`."""
    apps = {name.split(".")[0] for name in known}
    unknown = [name for name in manifest.migrations if name not in known and name.split(".")[0] in apps]
    if unknown:
        raise Refused(
            f"La sauvegarde vient d’une version plus récente du site ({unknown[-1]}) : "
            f"installez la version {manifest.release} ou une plus récente, puis recommencez."
        )
