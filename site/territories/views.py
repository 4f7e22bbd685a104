from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from territories.queries import MAX_TYPED, Kind, suggest

# The referential is public and changes once a year; an hour is how long a browser may be wrong after a load.
KEPT_SECONDS = 3600


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer `?q=nan` with the places that begin so, best first; `kind` (repeatable) narrows to kinds of unit."""
    typed = request.GET.get("q", "")
    if len(typed) > MAX_TYPED:
        return _refused(f"Le texte cherché est trop long : {MAX_TYPED} caractères au plus.")
    try:
        kinds = [Kind(kind) for kind in request.GET.getlist("kind")] or list(Kind)
    except ValueError:
        return _refused("« kind » est l’une de ces valeurs : " + ", ".join(Kind) + ".")
    response = JsonResponse({"suggestions": [found._asdict() for found in suggest(typed, kinds=kinds)]})
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return response


def _refused(message: str) -> JsonResponse:
    return JsonResponse({"error": message}, status=400)
