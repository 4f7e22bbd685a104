"""django-allauth's adapter: nobody signs up by themselves, no message the look does not show."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from changes import change
from changes.streams import ALL, RIGHTS
from members.models import Person
from members.sockets import session_mark


class ClubAccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation (joining by request comes with the rights step)."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "L’adresse électronique ou le mot de passe ne convient pas.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed tries are counted per account *and* address of the network: nobody can lock the owner out from theirs.

        allauth's own key is the account alone; its other limit, per address of the network, stays.
        """
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.get_client_ip(request)}"

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Signing in and out need no message: the header shows it."""

    def logout(self, request: HttpRequest) -> None:
        """End the session, and the sockets that it opened."""
        mark = session_mark(request.session.session_key or "")
        super().logout(request)
        if mark:
            with change(by="visitor") as c:
                c.touch(RIGHTS, "session", mark, after=[ALL])

    def set_password(self, user: Person, password: str) -> None:
        """A new password ends the sessions that the old one opened, their sockets too."""
        with change(by=user) as c:
            super().set_password(user, password)
            c.touch(RIGHTS, "person", user.key, after=[ALL])
