"""Changes that approvers write themselves: taken as they are, or declined with an answer."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, writes
from governance.api.parsing import In, Out, Text
from governance.approvals import selectors
from governance.approvals.rules import LONGEST_COMMENT
from governance.approvals.selectors.page import SuggestionRow
from governance.approvals.suggesting import Suggested, SuggestionState
from governance.core.clock import now
from governance.core.errors import NotFound
from governance.core.vocabulary import Mode
from governance.detection.ways import DEMANDED
from governance.remits import services
from governance.remits.body import LONGEST_TEXT, MOST_GRANTS
from governance.remits.fields import MOST_CALLS, MOST_TYPES

ANSWER = "remits:remit:submit"


class DifferenceOut(Out):
    name = serializers.CharField(source="field")
    before = serializers.CharField()
    after = serializers.CharField()
    material = serializers.BooleanField(help_text="It voids earlier decisions.")


class SuggestionOut(Out):
    id = serializers.UUIDField()
    state = serializers.ChoiceField(list(SuggestionState))
    difference = DifferenceOut(many=True, help_text="Against the version it was suggested to.")
    counts = serializers.BooleanField(help_text="Sent exactly so, it has its writer's yes.")
    answer = serializers.CharField()
    answered_by = serializers.CharField()
    waits = serializers.BooleanField(help_text="It can still be taken or declined.")


class GrantChangeIn(In):
    number = serializers.IntegerField(
        min_value=1, max_value=MOST_GRANTS, help_text="Which right: counted from 1 in the order of the remit's body."
    )
    leave_out = serializers.BooleanField(required=False)
    mode = serializers.ChoiceField(list(Mode), required=False)
    destination = Text(max_length=120, required=False, help_text="One that the request names.")
    ends = serializers.DateField(required=False)
    redact = serializers.ListField(child=Text(max_length=64), max_length=MOST_TYPES, required=False)
    calls_per_day = serializers.IntegerField(min_value=1, max_value=MOST_CALLS, required=False)
    strict = serializers.BooleanField(required=False)
    way = serializers.ChoiceField(
        list(DEMANDED), required=False, help_text="The most that may be told of what is replaced."
    )


class SuggestionIn(In):
    """What you would say yes to. It only takes away; what is left out stays as it was asked."""

    ends = serializers.DateField(required=False)
    human_oversight = Text(max_length=LONGEST_TEXT, required=False)
    grants = GrantChangeIn(many=True, required=False)
    counts = serializers.BooleanField(
        default=False, help_text="Sent exactly so, it has your yes; otherwise you are asked again."
    )


def suggested(told: dict[str, Any] | None) -> Suggested | None:
    """Return the suggestion that a decision carries, None for none."""
    if told is None:
        return None
    change = {name: _written(value) for name, value in told.items() if name not in {"counts", "grants"}}
    grants = [{name: _written(value) for name, value in each.items()} for each in told.get("grants", [])]
    return Suggested(change | ({"grants": grants} if grants else {}), counts=told["counts"])


def _written(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


class AnswerIn(In):
    answer = Text(max_length=LONGEST_COMMENT, help_text="Why not.")


class SuggestionTaking(Endpoint):
    @writes(ANSWER, gives=SuggestionOut, says="Send the request again exactly as it was suggested.")
    def post(self, caller: Caller, body: dict[str, Any], request_id: UUID, suggestion: UUID) -> Response:
        _found(request_id, suggestion, caller)
        services.take_suggestion(suggestion_id=suggestion, by=caller.actor, at=now())
        return Response(SuggestionOut(_found(request_id, suggestion, caller)).data)


class SuggestionDeclining(Endpoint):
    @writes(ANSWER, takes=AnswerIn, gives=SuggestionOut, says="Say why a suggested change is not taken.")
    def post(self, caller: Caller, body: dict[str, Any], request_id: UUID, suggestion: UUID) -> Response:
        _found(request_id, suggestion, caller)
        services.decline_suggestion(suggestion_id=suggestion, **body, by=caller.actor, at=now())
        return Response(SuggestionOut(_found(request_id, suggestion, caller)).data)


def _found(request_id: UUID, suggestion: UUID, caller: Caller) -> SuggestionRow:
    """Return the suggestion as the caller sees it, so that a hidden one is not found, whatever is asked of it."""
    page = selectors.request_page(request_id, reader=caller.standing, at=now())
    rows = [row.suggestion for row in page.decisions if row.suggestion and row.suggestion.id == suggestion]
    if not rows:
        raise NotFound("suggestion_not_found", "There is no such suggestion.")
    return rows[0]
