"""Where we are and which kind of installation this is. Everything else asks these."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured


class Environment(environ.Env):
    """Variables by name; a number that is none is one sentence, not a trace."""

    def int(self, var: str, default: Any = environ.Env.NOTSET) -> int:
        """A whole number; raises `ImproperlyConfigured`."""
        try:
            return int(super().int(var, default))
        except ValueError:
            raise ImproperlyConfigured(f"{var} vaut « {self.str(var)} » : donnez un nombre entier.") from None


BASE_DIR = Path(__file__).resolve().parents[3]

env = Environment()
environ.Env.read_env(BASE_DIR / ".env")  # no file: nothing happens

ENVIRONMENT = env.str("CLUB_ENV", default="development")
DEVELOPMENT = ENVIRONMENT == "development"
PRODUCTION = ENVIRONMENT == "production"
TESTING = ENVIRONMENT == "test"
if not (DEVELOPMENT or PRODUCTION or TESTING):
    raise ImproperlyConfigured(f"CLUB_ENV vaut « {ENVIRONMENT} » : choisissez development, test ou production.")

STATE = Path(env.str("CLUB_STATE", default=str(BASE_DIR / "var"))).resolve()
ADDRESS = env.str("CLUB_ADDRESS", default="127.0.0.1")
PORT = env.int("CLUB_PORT", default=8000)
SITE_URL = env.str("SITE_URL", default=f"http://{ADDRESS}:{PORT}").rstrip("/")
RELEASE = env.str("CLUB_RELEASE", default="0.1.0")

__all__ = [
    "ADDRESS",
    "BASE_DIR",
    "DEVELOPMENT",
    "ENVIRONMENT",
    "PORT",
    "PRODUCTION",
    "RELEASE",
    "SITE_URL",
    "STATE",
    "TESTING",
    "env",
]
