"""The addresses of the REST API, and its description."""

from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularJSONAPIView

from governance.api import organisation
from governance.api.doors import Access

description: Any = SpectacularJSONAPIView.as_view(api_version="v1")
description.access = Access((), public="The description of the API says nothing of the organisation.")

urlpatterns: list[URLPattern] = [
    path("openapi.json", description, name="api_description"),
    path("me", organisation.Me.as_view(), name="api_me"),
    path("units", organisation.Units.as_view(), name="api_units"),
]
