"""Loaded by pytest before Django's settings: tests run in the environment `test`, with a state folder of their own."""

import atexit
import os
import re
import shutil
import tempfile

os.environ.setdefault("CLUB_ENV", "test")
if "CLUB_STATE" not in os.environ:
    os.environ["CLUB_STATE"] = tempfile.mkdtemp(prefix="club-tests-")
    atexit.register(shutil.rmtree, os.environ["CLUB_STATE"], ignore_errors=True)
os.environ.setdefault("SECRET_KEY", "a key of the tests, which protects nothing at all, long enough")
os.environ.setdefault("EMAIL_URL", "mailbox://")
# the environment of the person who runs the tests must not change what they mean
for name in ("SITE_URL", "CLUB_PORT", "CLUB_ADDRESS", "CLUB_NOTICE", "CLUB_BETA", "CLUB_MOURNING", "METRICS_TOKEN"):
    os.environ.pop(name, None)

# one Redis, one numbered database in it for each of pytest's processes: none clears what another one counts
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if _worker and os.environ.get("REDIS_URL"):
    server = re.sub(r"/\d*$", "", os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = f"{server}/{int(_worker.removeprefix('gw')) + 1}"
