"""The addresses of the pages."""

from django.conf import settings
from django.urls import URLPattern, path

from governance.web import gallery, preferences

urlpatterns: list[URLPattern] = [
    path("theme", preferences.theme, name="theme"),
]
if settings.DEMO:
    urlpatterns += [path("gallery", gallery.gallery, name="gallery")]
