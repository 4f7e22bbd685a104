"""Database, cache, sessions, static and stored files."""

from pathlib import Path

import environ

from club.settings.environment import BASE_DIR, DEVELOPMENT, STATE, TESTING, env

DATABASES = {
    "default": environ.Env.db_url_config(env.str("DATABASE_URL", default="") or f"sqlite:///{STATE / 'club.sqlite3'}")
}
_database = DATABASES["default"]
DATABASE_POOL = env.int("DATABASE_POOL", default=0)
if _database["ENGINE"].endswith("sqlite3"):
    # One writer at a time, taken at the start of each transaction (a late upgrade fails, it cannot wait).
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;",
    }
    if TESTING:
        _database["TEST"] = {"NAME": str(STATE / "test.sqlite3")}
elif DATABASE_POOL:
    # In the ASGI process CONN_MAX_AGE does nothing; Django refuses both together. The pool tries a lost database again
    # after one, two, four… seconds: after two it gives up, and whoever asks next tries at once. What it kept through a
    # restart of the database is tested before it is given out.
    _database["OPTIONS"] = {"pool": {"min_size": 1, "max_size": DATABASE_POOL, "timeout": 2, "reconnect_timeout": 2}}
    _database["CONN_HEALTH_CHECKS"] = True
else:
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
if not _database["ENGINE"].endswith("sqlite3"):
    # Compiling a query takes PostgreSQL half a second; what a page asks is answered in milliseconds. A query that comes
    # a fourth time on its connection is prepared: read and planned once (docs/decisions/0027).
    _database.setdefault("OPTIONS", {}).update(
        {"options": "-c jit=off", "server_side_binding": True, "prepare_threshold": 3}
    )
ATOMIC_REQUESTS = False

REDIS_URL = env.str("REDIS_URL", default="")
# Several addresses of one cluster are separated by commas.
ELASTICSEARCH_URL = env.str("ELASTICSEARCH_URL", default="")
ELASTICSEARCH_API_KEY = env.str("ELASTICSEARCH_API_KEY", default="")
ELASTICSEARCH_CA = env.str("ELASTICSEARCH_CA", default="")
ELASTICSEARCH_INDEX = env.str("ELASTICSEARCH_INDEX", default="club")
ELASTICSEARCH_REPLICAS = env.int("ELASTICSEARCH_REPLICAS", default=0)
SEARCH_KEEP_EMBEDDED = env.bool("SEARCH_KEEP_EMBEDDED", default=False)

if REDIS_URL:
    CACHES = {"default": {"BACKEND": "club.cache.ForgivingRedisCache", "LOCATION": REDIS_URL}}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "club",
            "OPTIONS": {"MAX_ENTRIES": 20_000},
        }
    }
# What never changes under its key, or for a few seconds may differ from one process to the next: no round trip for it.
CACHES["process"] = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "LOCATION": "process",
    "OPTIONS": {"MAX_ENTRIES": 10_000},
}
CACHES["pages"] = (
    {**CACHES["default"], "KEY_PREFIX": "pages"}
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "OPTIONS": {"MAX_ENTRIES": 1_000},
    }
)
SESSION_ENGINE = "django.contrib.sessions.backends.db"

STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(STATE / "static"))
STATICFILES_FINDERS = [
    "look.bundle.BundleFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise warns at each start of a folder that is not there
MEDIA_URL = "/media-non-servi/"
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(STATE / "media"))
_static = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEVELOPMENT or TESTING
    else "look.static.HashedStaticStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What people attach: read through `files.views` alone, after the right was asked. A folder of MEDIA_ROOT, so that a
    # backup holds it; a bucket of its own does as well, if nobody but the site reads it.
    "files": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": str(Path(MEDIA_ROOT) / "fichiers"),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    # Sizes of pictures, sent by `cms.media_views` after the right was asked; their originals have no address.
    "renditions": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT, "base_url": "/"},
    },
    "staticfiles": {"BACKEND": _static},
}
WHITENOISE_USE_FINDERS = DEVELOPMENT
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 60 if DEVELOPMENT else 3600
# Whole pages and uploads: beyond, 413. nginx has its own limit in front.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
UPLOAD_LIMIT = env.int("UPLOAD_LIMIT", default=20_000_000)
# A virus scanner: the dotted path of a function that gets the bytes of a file and says why to refuse it, or nothing.
CLUB_FILE_SCAN = env.str("CLUB_FILE_SCAN", default="")
FIXTURE_DIRS: list[str] = []
LOCALE_PATHS = [BASE_DIR / "site" / "club" / "locale"]
