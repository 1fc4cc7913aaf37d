"""Overrides: two people let through for at most a day what is not approved; a third reviews it."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.approvals import selectors, services
from governance.approvals.overriding import LONGEST_OVERRIDE_HOURS, OverrideState, OverrideVerdict
from governance.approvals.rules import LONGEST_COMMENT
from governance.approvals.selectors import OverrideRow
from governance.core.clock import now
from governance.core.paging import Page

MAKE, REVIEW = "approvals:override:make", "approvals:override:review"


class OverrideOut(Out):
    id = serializers.UUIDField()
    request = serializers.UUIDField(source="request_id")
    number = serializers.IntegerField(help_text="The number of the request.")
    title = serializers.CharField()
    unit_name = serializers.CharField(source="unit")
    reason = serializers.CharField()
    hours = serializers.IntegerField()
    asked_by = serializers.CharField()
    asked_at = serializers.DateTimeField()
    confirmed_by = serializers.CharField(help_text="Empty until a second person confirmed it.")
    ends_at = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(list(OverrideState))
    verdict = serializers.ChoiceField(["", *OverrideVerdict])
    finding = serializers.CharField()
    reviewed_by = serializers.CharField()
    reviewed_at = serializers.DateTimeField(allow_null=True)


class OverridesAsk(ListAsk):
    waiting = serializers.BooleanField(default=True, help_text="Only those that wait for a second person or a review.")


class OverrideIn(In):
    reason = Text(max_length=LONGEST_COMMENT)
    hours = serializers.IntegerField(min_value=1, max_value=LONGEST_OVERRIDE_HOURS)


class OverrideReviewIn(In):
    verdict = serializers.ChoiceField(list(OverrideVerdict))
    finding = Text(max_length=LONGEST_COMMENT)


class Overrides(Endpoint):
    @reads(REVIEW, asks=OverridesAsk, gives=page_shape(OverrideOut), says="Overrides of the caller's units.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        waiting = ask.pop("waiting")

        def read(*, page: int, size: int) -> Page[OverrideRow]:
            offset = (page - 1) * size
            rows, total = selectors.overrides(caller.standing, at=now(), waiting=waiting, limit=size, offset=offset)
            return Page(rows, total, page, size)

        return listed(ask, read, OverrideOut)


class RequestOverrides(Endpoint):
    @writes(
        MAKE,
        takes=OverrideIn,
        gives=OverrideOut,
        status=201,
        says="Ask to let a request through for some hours; nothing happens before a second person confirms.",
        step_up=True,
    )
    def post(self, caller: Caller, body: dict[str, Any], request_id: UUID) -> Response:
        made = services.ask_override(request_id=request_id, **body, by=caller.actor, at=now())
        return _shown(made.request_id, made.pk)


class OverrideConfirmation(Endpoint):
    @writes(MAKE, gives=OverrideOut, says="Be the second of the two: it holds from now on.", step_up=True)
    def post(self, caller: Caller, body: dict[str, Any], override: UUID) -> Response:
        confirmed = services.confirm_override(override_id=override, by=caller.actor, at=now())
        return _shown(confirmed.request_id, confirmed.pk)


class OverrideReview(Endpoint):
    @writes(
        REVIEW, takes=OverrideReviewIn, gives=OverrideOut, says="Say afterwards whether it was right.", step_up=True
    )
    def post(self, caller: Caller, body: dict[str, Any], override: UUID) -> Response:
        reviewed = services.review_override(override_id=override, **body, by=caller.actor, at=now())
        return _shown(reviewed.request_id, reviewed.pk)


def _shown(request_id: UUID, override_id: UUID) -> Response:
    row = next(row for row in selectors.overrides_of(request_id, at=now()) if row.id == override_id)
    return Response(OverrideOut(row).data)
