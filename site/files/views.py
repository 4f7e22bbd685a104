"""Files over HTTP: sent to whoever may read what holds them, asked again each time; received from members."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from files import actions, registry, store
from files.models import Upload
from files.names import disposition
from files.refusal import FileRefused
from files.templatetags.files import weight
from look.typography import typographic

TYPES = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
# The right is asked before the browser may use what it kept; nothing in a file runs or loads anything.
HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file: a picture shown, a PDF downloaded. 404 for whoever may not read it, and for what does not exist."""
    upload = _readable(request, pk)
    headers = {
        "ETag": f'"{upload.sha256}"',
        "Content-Disposition": disposition(upload.name, inline=upload.is_picture),
    }
    return _sent(request, upload.stored, TYPES[upload.extension], headers)


@require_safe
def thumbnail(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The small form of a picture, under the same right as the picture."""
    upload = _readable(request, pk)
    if not upload.is_picture:
        raise Http404
    headers = {"ETag": f'"{upload.sha256}-apercu"', "Content-Disposition": "inline"}
    return _sent(request, upload.stored_thumbnail, "image/webp", headers)


def _readable(request: HttpRequest, pk: UUID) -> Upload:
    upload = Upload.objects.filter(pk=pk).first()
    if upload is None or not registry.may_read(_viewer(request), upload):
        raise Http404
    return upload


def _viewer(request: HttpRequest) -> Any:
    return request.viewer  # type: ignore[attr-defined]  # set by a middleware of a higher app


def _sent(request: HttpRequest, name: str, content_type: str, headers: dict[str, str]) -> HttpResponseBase:
    """The answer, or 304. The right was asked before.

    Sent in one piece: at most 10 MB, and an iterator would be read whole by the ASGI server anyway, with a warning.
    """
    request.META.pop("HTTP_ACCEPT_ENCODING", None)  # compressed already: not once more by the middleware
    answer = get_conditional_response(request, etag=headers["ETag"])
    if answer is None:
        content = store.read(name)
        if content is None:
            raise Http404
        answer = HttpResponse(content, content_type=content_type)
    for header, value in {**HEADERS, **headers}.items():
        answer.headers[header] = value
    return cast(HttpResponseBase, answer)


@require_POST
def send(request: HttpRequest) -> JsonResponse:
    """Receive one file before its form is sent. Who may: members, 403 for others; 400 says why it is refused."""
    viewer = _viewer(request)
    if not viewer.is_member:
        return JsonResponse({"error": actions.MEMBERS_ONLY}, status=403)
    given = request.FILES.get("file")
    if given is None:
        return JsonResponse({"error": "Choisissez un fichier."}, status=400)
    try:
        upload = actions.receive(file=given, by=viewer)
    except FileRefused as refusal:
        return JsonResponse({"error": typographic(str(refusal))}, status=400)
    return JsonResponse(
        {
            "id": str(upload.pk),
            "name": upload.name,
            "kind": upload.kind,
            "label": upload.label,
            "size": upload.size,
            "weight": weight(upload.size),
            "width": upload.width,
            "height": upload.height,
            "thumbnail": reverse("files:thumbnail", args=[upload.pk]) if upload.is_picture else "",
            "remove": reverse("files:discard", args=[upload.pk]),
        },
        status=201,
    )


@require_POST
def discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take away one's own file that waits. 404 for any other, 204 also for one that is gone."""
    viewer = _viewer(request)
    if viewer.person is None:
        raise Http404
    try:
        actions.discard(pk, by=viewer)
    except FileRefused:
        raise Http404 from None
    return HttpResponse(status=204)
