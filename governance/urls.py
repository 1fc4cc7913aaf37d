"""The doors: pages for people, the REST API for programs."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("governance.api.urls")),
    path("", include("governance.web.urls")),
]

handler404 = "governance.web.errors.not_found"
handler500 = "governance.web.errors.fault"
