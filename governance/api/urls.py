"""The addresses of the REST API, and its description."""

from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularJSONAPIView

from governance.api import (
    approvals,
    audit,
    catalogue,
    destinations,
    exchanges,
    grants,
    initiatives,
    keys,
    notices,
    organisation,
    patterns,
    people,
    remits,
    scanning,
)
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
    path("initiatives/<str:code>/keys", keys.InitiativeKeys.as_view()),
    path("initiatives/<str:code>/remits", remits.Remits.as_view()),
    path("initiatives/<str:code>/grants", grants.Grants.as_view()),
    path("remits/<uuid:remit>", remits.Remit.as_view()),
    path("remits/<uuid:remit>/options", remits.Options.as_view()),
    path("remits/<uuid:remit>/submission", remits.Submission.as_view()),
    path("remits/<uuid:remit>/revocation", remits.RemitRevocation.as_view()),
    path("grants/<uuid:grant>/revocation", grants.GrantRevocation.as_view()),
    path("patterns", patterns.Patterns.as_view()),
    path("patterns/<uuid:pattern>", patterns.Pattern.as_view()),
    path("patterns/<uuid:pattern>/retirement", patterns.PatternRetirement.as_view()),
    path("samples", patterns.Samples.as_view()),
    path("samples/<uuid:sample>/look", patterns.SampleLook.as_view()),
    path("inbox", approvals.Inbox.as_view()),
    path("requests", approvals.Requests.as_view()),
    path("requests/<uuid:request_id>", approvals.Request.as_view()),
    path("requests/<uuid:request_id>/decisions", approvals.Decisions.as_view()),
    path("requests/<uuid:request_id>/comments", approvals.Comments.as_view()),
    path("requests/<uuid:request_id>/withdrawal", approvals.Withdrawal.as_view()),
    path("exchanges", exchanges.Exchanges.as_view()),
    path("exchanges/<uuid:exchange>", exchanges.Exchange.as_view()),
    path("exchanges/<uuid:exchange>/justifications", exchanges.ExchangeJustifications.as_view()),
    path("exchanges/<uuid:exchange>/mistakes", exchanges.ExchangeMistakes.as_view()),
    path(
        "exchanges/<uuid:exchange>/justifications/<uuid:justification>/review", exchanges.JustificationReview.as_view()
    ),
    path("justifications", exchanges.Justifications.as_view()),
    path("mistakes", scanning.Mistakes.as_view()),
    path("mistakes/<uuid:mistake>/answer", scanning.MistakeAnswer.as_view()),
    path("holds", scanning.Holds.as_view()),
    path("ruleset", scanning.Ruleset.as_view()),
    path("people", people.People.as_view()),
    path("people/<uuid:person>", people.Person.as_view()),
    path("people/<uuid:person>/deactivation", people.Deactivation.as_view()),
    path("people/<uuid:person>/roles", people.Roles.as_view()),
    path("people/<uuid:person>/roles/<str:role>/<uuid:unit>", people.HeldRole.as_view()),
    path("people/<uuid:person>/memberships", people.Memberships.as_view()),
    path("people/<uuid:person>/memberships/<uuid:unit>", people.Membership.as_view()),
    path("notices", notices.Notices.as_view()),
    path("notices/<uuid:notice>/reading", notices.NoticeReading.as_view()),
    path("audit/events", audit.Events.as_view()),
]
