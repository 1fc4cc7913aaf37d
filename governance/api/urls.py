"""The addresses of the REST API, and its description."""

from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularJSONAPIView

from governance.api import audit, catalogue, destinations, initiatives, keys, organisation
from governance.api.doors import Access

description: Any = SpectacularJSONAPIView.as_view(api_version="v1")
description.access = Access((), public="The description of the API says nothing of the organisation.")

urlpatterns: list[URLPattern] = [
    path("openapi.json", description, name="api_description"),
    path("me", organisation.Me.as_view()),
    path("units", organisation.Units.as_view()),
    path("keys", keys.Keys.as_view()),
    path("keys/<uuid:key>", keys.Key.as_view()),
    path("datasets", catalogue.Datasets.as_view()),
    path("datasets/<str:ref>", catalogue.Dataset.as_view()),
    path("datasets/<str:ref>/retirement", catalogue.DatasetRetirement.as_view()),
    path("registers", catalogue.Registers.as_view()),
    path("providers", destinations.Providers.as_view()),
    path("destinations", destinations.Destinations.as_view()),
    path("destinations/<str:ref>", destinations.Destination.as_view()),
    path("destinations/<str:ref>/terms", destinations.Terms.as_view()),
    path("destinations/<str:ref>/opening", destinations.Opening.as_view()),
    path("destinations/<str:ref>/suspension", destinations.Suspension.as_view()),
    path("destinations/<str:ref>/key", destinations.ProviderKey.as_view()),
    path("initiatives", initiatives.Initiatives.as_view()),
    path("initiatives/<str:code>", initiatives.Initiative.as_view()),
    path("initiatives/<str:code>/claims", initiatives.Claims.as_view()),
    path("initiatives/<str:code>/members", initiatives.Members.as_view()),
    path("initiatives/<str:code>/members/<uuid:person>", initiatives.Member.as_view()),
    path("claims/<uuid:claim>", initiatives.Claim.as_view()),
    path("audit/events", audit.Events.as_view()),
]
