"""The doors: pages for people, the REST API for programs."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from governance.api import errors as api_errors
from governance.web.frame import errors as page_errors

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("governance.api.urls")),
    path("", include("governance.web.urls")),
]


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer in the form of the door that was knocked at."""
    if request.path.startswith("/api/"):
        return api_errors.not_found(request)
    return page_errors.not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer in the form of the door what could not even be read."""
    if request.path.startswith("/api/"):
        return api_errors.bad_request(request, exception)
    return page_errors.bad_request(request, exception)


handler400 = bad_request
handler404 = not_found
handler500 = "governance.web.frame.errors.fault"
