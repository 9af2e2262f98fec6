"""Error pages: each says in French what happened and what one can do; none says what exists."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

_SECRETS = frozenset({"password", "current", "again", "csrfmiddlewaretoken"})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason that the page's rule gives; and what was typed, which no « back » brings back (`no-store`)."""
    is_nobodys = request.user.is_authenticated and getattr(request, "member", None) is None
    context = {"exception_text": str(exception), "typed": typed(request), "is_nobodys": is_nobodys}
    return render(request, "errors/403.html", context, status=403)


def typed(request: HttpRequest) -> list[str]:
    """The sentences of a form that was refused, to be copied; never a secret, nor ids and choices, which nobody retypes."""
    return [
        value.strip()
        for name, values in request.POST.lists()
        for value in map(str, values)
        if len(value.split()) > 1 and name not in _SECRETS
    ]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was sent from elsewhere or kept open too long."""
    return render(request, "errors/403_csrf.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what does not exist and for what is not yours."""
    return render(request, "errors/404.html", status=404)


def method_not_allowed(request: HttpRequest, methods: Iterable[str]) -> HttpResponse:
    """405: the address of a button, typed or reloaded; whoever asks learns no more than that."""
    answer = render(request, "errors/405.html", status=405)
    answer["Allow"] = ", ".join(methods)
    return answer


def restricted(request: HttpRequest) -> HttpResponse:
    """409 for what would be written in a case that is restricted at the person's request, with what was typed; nothing was, yet, by
    whoever opens its form."""
    return render(
        request, "errors/409.html", {"typed": typed(request), "sent": request.method == "POST"}, status=409
    )


def objected(request: HttpRequest) -> HttpResponse:
    """409 for what would use a case to which the person objected, or that may be hers while it is not indexed, with what was typed."""
    return render(request, "errors/409_objected.html", {"typed": typed(request)}, status=409)


def keys_unavailable(request: HttpRequest) -> HttpResponse:
    """503 while the key store is not the database's, or has lost a key: nothing opens, nothing is written."""
    answer = render(request, "errors/503.html", {"typed": typed(request)}, status=503)
    answer["Retry-After"] = "300"
    return answer


def server_error(request: HttpRequest) -> HttpResponse:
    """500, rendered without context: the database may be what failed."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)
