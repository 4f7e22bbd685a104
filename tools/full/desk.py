"""A second pair of hands in a running site: one process of `manage.py shell` that does what it is told, line by line.

A command of its own takes three seconds to load the site; this one takes them once.
"""

import json
import subprocess
import sys
import tempfile
from types import TracebackType
from typing import Any, Self

from tools.full.kept import ROOT
from tools.full.stack import Stack
from tools.services import process

LOOP = """
import json, sys, traceback
from django.db import connection
for line in sys.stdin:
    asked = json.loads(line)
    scope = dict(asked["values"])
    try:
        exec(asked["code"], scope)
        said = {"answer": scope.get("answer")}
    except Exception:
        said = {"error": traceback.format_exc()}
    connection.close()
    print(json.dumps(said, default=str), flush=True)
"""


class Desk:
    """`with Desk(stack) as desk: desk.do("answer = 1 + n", n=2)` gives 3; an error there is an error here."""

    def __init__(self, stack: Stack) -> None:
        environ = {name: value for name, value in stack.environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._process = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", LOOP],
            cwd=ROOT,
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        process.end(self._process, 15, 2)
        for opened in (self._process.stdin, self._process.stdout, self._errors):
            if opened is not None:
                opened.close()

    def do(self, code: str, **values: Any) -> Any:
        """Run this with these values; what it left in `answer`."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"code": code, "values": values}).encode() + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            raise RuntimeError(self._errors.read().decode(errors="replace"))
        said = json.loads(line)
        if "error" in said:
            raise RuntimeError(said["error"])
        return said["answer"]
