"""The local mail box of development."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from notifications.delivery import boxed_mails


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the mails that this installation sent to itself; exists in development only (404 elsewhere)."""
    if not settings.DEVELOPMENT:
        raise Http404
    return render(request, "notifications/mailbox.html", {"mails": boxed_mails()})
