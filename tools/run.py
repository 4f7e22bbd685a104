#!/usr/bin/env python3
"""`make run`: from a clean clone to a running site. Standard library only, and readable by any Python 3.

Checks what must be true, makes the virtual environment once, then becomes `manage.py serve`.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(HERE, ".venv")
NEEDED = 1200 * 1024 * 1024  # bytes free for the environment; what the site itself needs is far less
NEEDED_LATER = 100 * 1024 * 1024
REASONS = {
    errno.ENOSPC: "il n'y a plus de place",
    errno.EDQUOT: "le quota est atteint",
    errno.EROFS: "il est en lecture seule",
    errno.EACCES: "l'accès est refusé",
    errno.EPERM: "l'accès est refusé",
    errno.EEXIST: "ce n'est pas un dossier",
    errno.ENOTDIR: "ce n'est pas un dossier",
}


def reason(error):
    """Why something could not be written, in French."""
    return REASONS.get(error.errno, error.strerror or str(error))


def stop(sentence):
    """Say what is wrong and what to do, and end."""
    sys.stderr.write("\n" + sentence + "\n")
    sys.exit(1)


def check_python():
    """The lock is made for 3.11."""
    if sys.version_info[:2] != (3, 11):
        stop(
            "Il faut Python 3.11, et « %s » est en %d.%d : installez python3.11 et python3.11-venv, "
            "puis « make run PYTHON=python3.11 »." % (sys.executable, sys.version_info[0], sys.version_info[1])
        )
    try:
        import ensurepip  # noqa: F401 - only to know that a virtual environment can be made
        import venv  # noqa: F401 - the same
    except ImportError:
        stop("Il manque le module venv : installez-le par « apt-get install python3-venv ».")


def environment():
    """The variables of this run: those of the process, then `.env` for what it does not set."""
    values = dict(os.environ)
    try:
        with open(os.path.join(HERE, ".env"), encoding="utf-8") as lines:
            for line in lines:
                name, equal, value = line.strip().partition("=")
                if equal and not name.startswith("#"):
                    values.setdefault(name.strip(), value.strip().strip("\"'"))
    except OSError:
        pass
    return values


def check_folder(folder, needed):
    """It can be written to, and there is room."""
    try:
        os.makedirs(folder, exist_ok=True)
        trial = os.path.join(folder, ".essai-d-ecriture")
        with open(trial, "wb") as file:
            file.write(b"x" * 65536)
        os.remove(trial)
    except OSError as error:
        stop(
            "Impossible d'écrire dans %s (%s) : libérez de la place, changez les droits de ce dossier, "
            "ou donnez-en un autre par CLUB_STATE." % (folder, reason(error))
        )
    free = shutil.disk_usage(folder).free
    if free < needed:
        stop(
            "Il ne reste que %d Mo libres pour %s et il en faut %d : libérez de la place, "
            "ou donnez un autre dossier par CLUB_STATE." % (free // 2**20, folder, needed // 2**20)
        )


def lock_files(kind):
    files = ["requirements/dev.txt" if kind == "dev" else "requirements.txt"]
    return [os.path.join(HERE, name) for name in files]


def fingerprint(kind):
    """What the environment must hold; it changes when the lock does."""
    digest = hashlib.sha256(sys.version.encode())
    for name in lock_files(kind):
        with open(name, "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def ready(kind):
    """Whether the environment holds the lock (that of development holds the site's too)."""
    for known in {kind, "dev"}:
        try:
            with open(os.path.join(VENV, "contents-" + known)) as file:
                if file.read() == fingerprint(known):
                    return True
        except OSError:
            pass
    return False


def install(kind):
    """Make the environment: uv where it can be had (seconds), else pip (half a minute). Both check every hash."""
    python = os.path.join(VENV, "bin", "python")
    lock = lock_files(kind)[0]
    # A package cut off in the middle looks installed to whoever comes next: what was not finished is made anew.
    unfinished = os.path.join(VENV, "unfinished")
    if os.path.exists(unfinished):
        shutil.rmtree(VENV)
    os.makedirs(VENV, exist_ok=True)
    open(unfinished, "w").close()
    if not os.path.exists(python) or subprocess.call([python, "-c", "import pip"], stderr=subprocess.DEVNULL):
        subprocess.check_call([sys.executable, "-m", "venv", "--clear", VENV])
        open(unfinished, "w").close()
    quiet = ["-q", "--disable-pip-version-check"]
    pip = [python, "-m", "pip", "install"] + quiet
    uv = os.path.join(VENV, "bin", "uv")
    if not os.path.exists(uv):
        bootstrap = os.path.join(HERE, "requirements", "bootstrap.txt")
        subprocess.call(pip + ["--require-hashes", "-r", bootstrap], stderr=subprocess.DEVNULL)
    values = dict(os.environ, VIRTUAL_ENV=VENV, UV_NO_PROGRESS="1")
    if "PIP_INDEX_URL" in values:
        values.setdefault("UV_INDEX_URL", values["PIP_INDEX_URL"])
    if "PIP_CERT" in values:
        values.setdefault("SSL_CERT_FILE", values["PIP_CERT"])
    done = os.path.exists(uv) and not subprocess.call(
        [uv, "pip", "install", "-q", "--no-config", "--link-mode", "copy", "--require-hashes", "-r", lock], env=values
    )
    if not done and subprocess.call(pip + ["--require-hashes", "-r", lock]):
        stop("Les dépendances n'ont pas pu être installées : vérifiez l'accès au dépôt de paquets, puis recommencez.")
    with open(os.path.join(VENV, "contents-" + kind), "w") as file:
        file.write(fingerprint(kind))
    os.remove(unfinished)


def main():
    """`run.py install [dev]` only makes the environment; `run.py` alone serves the site too."""
    arguments = sys.argv[1:]
    kind = "dev" if "dev" in arguments else "site"
    check_python()
    values = environment()
    state = os.path.abspath(values.get("CLUB_STATE") or os.path.join(HERE, "var"))
    if not ready(kind):
        check_folder(HERE, NEEDED)
        turn = os.open(os.path.join(HERE, "requirements"), os.O_RDONLY)  # one installs, another waits and finds it done
        fcntl.flock(turn, fcntl.LOCK_EX)
    if not ready(kind):
        print("Installation des dépendances (une seule fois)…", flush=True)
        install(kind)
    if arguments[:1] == ["install"]:
        return
    check_folder(state, NEEDED_LATER)
    python = os.path.join(VENV, "bin", "python")
    os.chdir(HERE)
    os.execv(python, [python, "manage.py", "serve"] + [a for a in arguments if a.startswith("--")])


try:
    main()
except KeyboardInterrupt:
    sys.exit(130)
except OSError as error:
    stop("Le démarrage a échoué (%s) : vérifiez la place libre et les droits, puis recommencez." % reason(error))
