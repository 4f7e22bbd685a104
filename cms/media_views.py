"""The sizes of pictures over HTTP. Originals are never sent; a picture follows the privacy of its collection."""

from __future__ import annotations

from pathlib import PurePath

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cms.models import ClubRendition
from cms.reading.privacy import closed_collections
from members.viewer import VISITOR_VIEWER

TYPES = {".avif": "image/avif", ".webp": "image/webp", ".jpg": "image/jpeg", ".png": "image/png", ".gif": "image/gif"}
DAY = 86_400


@require_safe
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """One size of a picture. Its name changes with its content, so that a browser may keep it.

    404 for what does not exist and for whoever may not read its collection. Two SQL queries.
    """
    found = ClubRendition.objects.filter(file=f"images/{name}").select_related("image").first()
    content_type = TYPES.get(PurePath(name).suffix)
    if found is None or content_type is None:
        raise Http404
    closed = closed_collections(request.viewer, request)  # type: ignore[attr-defined]  # set by a middleware
    if found.image.collection_id in closed:
        raise Http404
    try:
        with found.file.open("rb") as file:
            content = file.read()
    except OSError as error:
        raise Http404 from error
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # compressed already
    response = HttpResponse(content, content_type=content_type)
    everybody = found.image.collection_id not in closed_to_visitors(request)
    response.headers["Cache-Control"] = f"public, max-age={DAY}, immutable" if everybody else "private, no-store"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def closed_to_visitors(request: HttpRequest) -> frozenset[int]:
    """Collections that visitors do not read: what is in them may stay in no shared cache."""
    if request.viewer.person is None:  # type: ignore[attr-defined]  # set by a middleware
        return closed_collections(VISITOR_VIEWER, request)
    return closed_collections(VISITOR_VIEWER)
