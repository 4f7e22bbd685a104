"""Catching up by HTTP: what sockets say, for whoever has none; objects beyond a frame; the person's own strips."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotModified, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from changes.streams import NOWHERE, stands
from realtime import frames, kinds, reading
from realtime.frames import Code
from realtime.strips import strips

STREAMS_LIMIT = 50
IDS_LIMIT = 100
_asked = re.compile(r"([a-z]+:[A-Za-z0-9_.-]{1,60})(?:@(\d{1,18}))?")
_dom_id = re.compile(r"([a-z]+)-([A-Za-z0-9_.]{1,60})")


@require_safe
def since(request: HttpRequest) -> HttpResponse:
    """`/flux/?s=topic:9@123&s=…&ep=…`: for each stream the frame that leads from a position to now, as JSON.

    Its ETag is the epoch and the positions of the viewer's views: 304 costs one query and those of the rights.
    """
    asked = [_asked.fullmatch(one) for one in request.GET.getlist("s")[: STREAMS_LIMIT + 1]]
    if not asked or len(asked) > STREAMS_LIMIT or None in asked:
        return HttpResponseBadRequest("flux inconnus")
    wanted = {m[1]: int(m[2]) if m[2] else None for m in asked if m}
    viewer = request.viewer  # type: ignore[attr-defined]  # set by a middleware of the site
    views = {stream: kinds.view_of(viewer, stream) for stream in wanted}
    epoch, now = reading.current_epoch(), stands(list(wanted))
    places = {stream: now.get((stream, view), NOWHERE) for stream, view in views.items() if view is not None}
    tag = _etag([epoch, settings.RELEASE, *(f"{s} {views[s]} {places[s].pos if s in places else '-'}" for s in views)])
    if request.headers.get("If-None-Match") == tag:
        return _kept(HttpResponseNotModified(), tag)
    same_past = request.GET.get("ep") == epoch
    told: list[frames.Frame] = []
    for stream, view in views.items():
        if view is None:
            told.append(frames.bye(epoch, Code.RIGHT_WITHDRAWN, "Cette page ne vous est pas ouverte.", stream))
            continue
        position = wanted[stream] if same_past else None
        frame = reading.frame_since(epoch, stream, view, position, places[stream])
        if frame is not None:
            told.append(frame)
    answer: dict[str, Any] = {"v": frames.VERSION, "ep": epoch, "rel": settings.RELEASE, "frames": told}
    answer |= {"t": int(timezone.now().timestamp() * 1000), "pos": {s: stand.pos for s, stand in places.items()}}
    return _kept(JsonResponse(answer), tag)


@require_safe
def objects(request: HttpRequest) -> HttpResponse:
    """`/flux/objets/?s=topic:9&id=post-12`: objects of a stream as the viewer's view shows them, of any size."""
    stream = request.GET.get("s", "")
    keys = _keys(request.GET.getlist("id"))
    view = kinds.view_of(request.viewer, stream)  # type: ignore[attr-defined]  # as above
    found = kinds.kind_of(stream)
    if keys is None or found is None or view is None:
        return JsonResponse({"up": []}, status=404)
    return _kept(JsonResponse({"up": frames.objects(found[0].contents(found[1], view, keys), whole=True)}), "")


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """`/me/?id=post-12`: who is signed in, and the strips of these fragments for them."""
    viewer = request.viewer  # type: ignore[attr-defined]  # as above
    keys = _keys(request.GET.getlist("id"))
    if keys is None:
        return HttpResponseBadRequest("identifiants inconnus")
    signed_in = request.user.is_authenticated
    answer = {"who": viewer.key if signed_in else "", "strips": strips(request, keys) if signed_in else {}}
    response = JsonResponse(answer)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _keys(ids: list[str]) -> list[kinds.Key] | None:
    matches = [_dom_id.fullmatch(one) for one in ids[: IDS_LIMIT + 1]]
    if len(matches) > IDS_LIMIT or None in matches:
        return None
    return [(m[1], m[2]) for m in matches if m]


def _etag(parts: list[str]) -> str:
    return '"' + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32] + '"'


def _kept(response: HttpResponse, tag: str) -> HttpResponse:
    """The client keeps the answer itself and asks again with its tag; nothing between us keeps it."""
    response.headers["Cache-Control"] = "private, no-store"
    if tag:
        response.headers["ETag"] = tag
    return response
