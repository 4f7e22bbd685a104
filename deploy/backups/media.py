"""Stored files: into one archive, and back, put in place only once all is there."""

import os
import shutil
import tarfile
from pathlib import Path, PurePosixPath

from backups.manifest import Refused

FILE = "media.tar"
NEW, OLD = ".restoring", ".before-restoring"


def pack(root: Path, target: Path) -> int:
    """All files below `root`, without what a restore left there; how many."""
    count = 0
    with tarfile.open(target, "w") as archive:
        for file in sorted(root.rglob("*")) if root.is_dir() else []:
            inside = file.relative_to(root)
            if inside.parts[0] in (NEW, OLD) or not file.is_file() or file.is_symlink():
                continue
            archive.add(file, arcname=str(inside), recursive=False)
            count += 1
    return count


def is_empty(root: Path) -> bool:
    return not root.is_dir() or all(one.name in (NEW, OLD) for one in root.iterdir())


def stage(root: Path, source: Path, expected: int) -> None:
    """Unpack inside `root` (it may be a volume of its own), beside what it holds."""
    drop(root)
    try:
        (root / NEW).mkdir(parents=True)
        with tarfile.open(source) as archive:
            for member in archive:
                _put(archive, member, root / NEW)
    except (tarfile.TarError, OSError) as error:
        drop(root)
        raise Refused(f"Les fichiers de la sauvegarde ne peuvent pas être écrits dans {root} : {error}.") from error
    if sum(1 for file in (root / NEW).rglob("*") if file.is_file()) != expected:
        drop(root)
        raise Refused("La sauvegarde n’a pas le nombre de fichiers qu’elle annonce : prenez-en une autre.")


def _put(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file as `pack` archived it: anything else is none of ours.

    By hand, since the `filter` of `extractall` came with Python 3.11.4, and Debian 12 has 3.11.2.
    """
    inside = PurePosixPath(member.name)
    content = archive.extractfile(member) if member.isreg() else None
    if content is None or inside.is_absolute() or ".." in inside.parts:
        raise tarfile.TarError(f"« {member.name} » n’est pas un fichier du site")
    target = folder / inside
    target.parent.mkdir(parents=True, exist_ok=True)
    with content, target.open("xb") as written:
        shutil.copyfileobj(content, written)
    target.chmod(member.mode & 0o644 | 0o600)
    os.utime(target, (member.mtime, member.mtime))


def drop(root: Path) -> None:
    """Forget what was staged."""
    shutil.rmtree(root / NEW, ignore_errors=True)


def swap(root: Path) -> None:
    """Put what was staged in the place of what is there."""
    old = root / OLD
    shutil.rmtree(old, ignore_errors=True)
    old.mkdir()
    for one in list(root.iterdir()):
        if one.name not in (NEW, OLD):
            one.rename(old / one.name)
    for one in list((root / NEW).iterdir()):
        one.rename(root / one.name)
    (root / NEW).rmdir()
    shutil.rmtree(old)
