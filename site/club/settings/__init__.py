"""Settings, by environment: one tree, no file per stage. `.env.example` lists every variable."""

from club.settings.environment import *
from club.settings.project import *
from club.settings.storage import *
from club.settings.people import *
from club.settings.security import *
from club.settings.content import *
from club.settings.work import *
from club.settings.watching import *
