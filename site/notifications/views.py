"""What is new for me, the link that ends a mail, and the local mail box of development."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from forum.actions import unfollow_topic
from forum.models import Topic
from forum.queries import unread_in
from look.pages import page_of
from meetings.actions import mute_meetings
from meetings.following import FOLLOWED
from members.middleware import ClubRequest
from members.models import Person
from members.viewer import Viewer
from notifications import queries
from notifications.delivery import boxed_mails
from notifications.notices import mark_shown, said
from notifications.unsubscribing import Ended, read_token


@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the mails that this installation sent to itself; exists in development only (404 elsewhere)."""
    if not settings.DEVELOPMENT:
        raise Http404
    return render(request, "notifications/mailbox.html", {"mails": boxed_mails()})


@require_safe
def notifications(request: ClubRequest) -> HttpResponse:
    """What is new for me: one line per topic, the unread ones first to be seen (signed-in people)."""
    if request.viewer.person is None:
        return redirect_to_login(request.get_full_path())
    page = page_of(queries.told(request.viewer).select_related("topic__space"), request)
    unread = unread_in(request.viewer, [row.topic_id for row in page])
    rows = [(row, unread.get(row.topic_id)) for row in page]
    notices = said(request.viewer) if page.number == 1 else []
    context = {"page": page, "rows": rows, "notices": notices, "crumbs": [("Notifications", "")]}
    answer = render(request, "notifications/list.html", context)
    mark_shown(request.viewer)
    return answer


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: ClubRequest, token: str) -> HttpResponse:
    """End the mails about one thing for one person: a page on GET, done on POST alone (mail programs' one click too).

    The link works without signing in and says nothing of the thing: a mail may have been forwarded.
    """
    ended = read_token(token)
    person = Person.objects.filter(pk=ended.person, is_active=True).first() if ended else None
    end = _ending(ended, Viewer.of(person)) if ended and person is not None else None
    if ended is None or end is None:
        raise Http404
    if request.method == "POST":
        end()
    context = {
        "done": request.method == "POST",
        "meetings": ended.kind == FOLLOWED,
        "crumbs": [("Ne plus recevoir de courriel", "")],
    }
    return render(request, "notifications/unsubscribe.html", context)


def _ending(ended: Ended, by: Viewer) -> Callable[[], None] | None:
    """What the link does; None where its thing is no more."""
    if ended.kind == FOLLOWED:
        return partial(mute_meetings, place=ended.object_id, by=by)
    topic = Topic.objects.select_related("space").filter(pk=int(ended.object_id)).first()
    return partial(unfollow_topic, topic=topic, by=by) if topic is not None else None
