"""Every write of ours goes through `change()`: a test fails on any other during a request, a command or a consumer.

What a test arranges by itself is free; the sign-in library's own columns are excepted by a list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from typing import Any

from django.apps import apps
from django.conf import settings

from changes import is_writing

_acting: ContextVar[str] = ContextVar("acting", default="")
_write = re.compile(r'\s*(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM|REPLACE INTO)\s+"?(\w+)"?', re.IGNORECASE)
# The sign-in library and Django's own: when somebody signed in last, and a hash renewed with better parameters.
EXCEPTED = [
    re.compile(r'UPDATE "members_person" SET "last_login" = \S+ WHERE'),
    re.compile(r'UPDATE "members_person" SET "password" = \S+ WHERE'),
]
# Sizes of pictures are made when a page first shows them: files and rows that can be made again at any time.
EXCEPTED.append(re.compile(r'(INSERT(?: OR IGNORE)? INTO|DELETE FROM) "cms_clubrendition"'))
COMMANDS_FREE = {"migrate", "flush", "test", "createsuperuser"}


class WroteOutside(AssertionError):
    """A table of ours was written outside `change()`."""


@cache
def our_tables() -> frozenset[str]:
    """Tables of our apps' models, and those between them."""
    models = [
        model for name in settings.OURS for model in apps.get_app_config(name).get_models(include_auto_created=True)
    ]
    return frozenset(model._meta.db_table for model in models)


def guard(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """A wrapper of the connection's statements."""
    if (who := _acting.get()) and not is_writing():
        found = _write.match(sql)
        if found and found[1] in our_tables() and not any(one.match(sql) for one in EXCEPTED):
            raise WroteOutside(f"{who} wrote outside change(): {sql[:200]}")
    return execute(sql, params, many, context)


@contextmanager
def acting(who: str) -> Iterator[None]:
    """What runs inside is a request, a command or a consumer."""
    token = _acting.set(who)
    try:
        yield
    finally:
        _acting.reset(token)


def watched(function: Callable[..., Any], who: str) -> Callable[..., Any]:
    """The function, run as a request, command or consumer."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        name = type(args[0]).__module__.rpartition(".")[2] if who == "command" else ""
        if name in COMMANDS_FREE:
            return function(*args, **kwargs)
        with acting(f"{who} {name}".strip()):
            return function(*args, **kwargs)

    return run
