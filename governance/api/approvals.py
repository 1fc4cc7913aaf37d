"""Requests: what waits for me, one request with everything to decide on, what people say about it.

A request is sent again through its subject (a remit's submission, a pattern's PUT), which asks its own rules first.
"""

from functools import partial
from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.overrides import OverrideOut
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.api.suggestions import DifferenceOut, SuggestionIn, SuggestionOut, suggested
from governance.api.verdicts import VerdictField
from governance.approvals import selectors, services
from governance.approvals.binding import LONGEST_OVERSIGHT, MOST_TYPES, parse_binding
from governance.approvals.rules import LONGEST_COMMENT, DecisionKind, RequestState, StageState
from governance.core.clock import now
from governance.detection.ways import DEMANDED

READ = "approvals:request:read"


class InboxOut(Out):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    unit_name = serializers.CharField(source="unit")
    requester = serializers.CharField()
    stage = serializers.CharField()
    role = serializers.CharField(help_text="As what you would decide.")
    opened_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    waiting_hours = serializers.FloatField()
    in_place_of = serializers.CharField(help_text="Whom you are deputy of; empty for a seat of your own.")
    digest = serializers.CharField(help_text="What a decision binds to.")
    shape = serializers.CharField(help_text="Equal for requests of low risk that ask the same; empty for all others.")
    looking = serializers.ListField(
        child=serializers.CharField(), help_text="Who could decide it too and has its page open just now."
    )


class RequestOut(Out):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    unit_name = serializers.CharField(source="unit")
    requester = serializers.CharField()
    state = serializers.ChoiceField(list(RequestState))
    opened_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    my_decision = serializers.ChoiceField(["", *DecisionKind])
    waits_for = serializers.ListField(child=serializers.CharField())


class RequestsAsk(ListAsk):
    whose = serializers.ChoiceField(["asked", "decided"], default="asked", help_text="Asked by you, or decided by you.")


class SeatOut(Out):
    seat = serializers.CharField(source="label")
    role = serializers.CharField()
    unit_name = serializers.CharField(source="unit")
    candidates = serializers.ListField(
        child=serializers.CharField(), help_text="While it is asked, just those who could decide now themselves."
    )
    decided_by = serializers.CharField()
    carried = serializers.BooleanField(help_text="Decided in an earlier version that differs in nothing material.")
    on_behalf_of = serializers.CharField(help_text="Whom the decider is deputy of; empty for their own decision.")
    deputies = serializers.ListField(child=serializers.CharField(), help_text="Who can decide today for whom.")


class StageOut(Out):
    name = serializers.CharField()
    position = serializers.IntegerField()
    state = serializers.ChoiceField(list(StageState))
    reason = serializers.CharField()
    needed = serializers.IntegerField()
    slots = SeatOut(many=True)
    opened_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    usual_hours = serializers.FloatField(allow_null=True, help_text="Null while there is no history.")
    asked = serializers.BooleanField(help_text="It waits for its people now; not while the asker owes an answer.")
    mine = serializers.BooleanField(help_text="You can decide in it now.")
    remedy = serializers.CharField()


class FactOut(Out):
    name = serializers.CharField(source="label")
    text = serializers.CharField()


class AttachedOut(Out):
    because = serializers.CharField()
    text = serializers.CharField(source="in_words")


class DecisionOut(Out):
    who = serializers.CharField()
    role = serializers.CharField()
    kind = serializers.ChoiceField(list(DecisionKind))
    comment = serializers.CharField()
    at = serializers.DateTimeField()
    revision = serializers.IntegerField()
    current = serializers.BooleanField(help_text="It counts for the version shown.")
    on_behalf_of = serializers.CharField()
    conditions = serializers.ListField(child=serializers.CharField())
    suggestion = SuggestionOut(allow_null=True, help_text="The change that was asked for, as its writer would have it.")
    beforehand = serializers.BooleanField(help_text="A yes that was given with a suggestion, to exactly this version.")


class CommentOut(Out):
    who = serializers.CharField()
    text = serializers.CharField()
    at = serializers.DateTimeField()


class PrecedentOut(Out):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    unit_name = serializers.CharField(source="unit")
    state = serializers.ChoiceField(list(RequestState))
    decided_at = serializers.DateTimeField(allow_null=True)
    conditions = serializers.ListField(child=serializers.CharField())


class StepOut(Out):
    at = serializers.DateTimeField()
    who = serializers.CharField(help_text="Empty for what Remit did by itself.")
    text = serializers.CharField()


class RequestWholeOut(Out):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    state = serializers.ChoiceField(list(RequestState))
    unit_name = serializers.CharField(source="unit")
    requester = serializers.CharField()
    opened_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    answer_due_at = serializers.DateTimeField(
        allow_null=True, help_text="While the asker owes an answer: when the request lapses without one."
    )
    revision = serializers.IntegerField()
    digest = serializers.CharField(help_text="What a decision binds to: send it back with yours.")
    workflow = serializers.CharField()
    link = serializers.CharField()
    first_version = serializers.BooleanField()
    difference = DifferenceOut(many=True)
    facts = FactOut(many=True)
    evidence = FactOut(many=True)
    stages = StageOut(many=True)
    attached = AttachedOut(many=True, help_text="Conditions that bind an approval, whatever the approvers say.")
    decisions = DecisionOut(many=True)
    comments = CommentOut(many=True)
    last_changed = DifferenceOut(many=True, help_text="Against the version before; empty for the first.")
    conditions = serializers.ListField(
        child=serializers.CharField(), help_text="Tied to the approvals so far, the strictest of all."
    )
    precedents = PrecedentOut(many=True, help_text="How the like was decided: at most three.")
    history = StepOut(many=True)
    overrides = OverrideOut(many=True)
    decides_as = serializers.ListField(child=serializers.CharField(), help_text="The seats you would fill.")
    in_place_of = serializers.CharField(help_text="Whom you would decide for; empty for yourself.")
    may_decide = VerdictField()
    may_bind = serializers.BooleanField(help_text="Conditions can be tied to a yes.")
    may_suggest = serializers.BooleanField(help_text="You can send it back with the change written.")
    may_answer = serializers.BooleanField(help_text="You can take or decline what is suggested.")
    may_override = serializers.BooleanField()
    may_withdraw = serializers.BooleanField()
    may_comment = serializers.BooleanField()


class ConditionsIn(In):
    """What is tied to a yes. It only takes away."""

    redact = serializers.ListField(child=Text(max_length=60), max_length=MOST_TYPES, required=False)
    ends = serializers.DateField(required=False, help_text="The last day, in the time zone of the unit.")
    human_oversight = serializers.ListField(
        child=Text(max_length=LONGEST_OVERSIGHT), max_length=MOST_TYPES, required=False
    )
    way = serializers.ChoiceField(
        list(DEMANDED), required=False, help_text="The most that may be told of what is replaced, by whatever rule."
    )


class DecisionIn(In):
    kind = serializers.ChoiceField(list(DecisionKind))
    digest = Text(max_length=64, help_text="The digest of the request as you read it.")
    comment = Text(max_length=LONGEST_COMMENT, required=False, allow_blank=True, default="")
    conditions = ConditionsIn(required=False)
    suggestion = SuggestionIn(required=False, help_text="With request_changes: the change itself.")


class CommentIn(In):
    text = Text(max_length=LONGEST_COMMENT)


class Inbox(Endpoint):
    @reads(
        "approvals:request:decide", asks=ListAsk, gives=page_shape(InboxOut), says="Requests that wait for the caller."
    )
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, partial(selectors.inbox_page, caller.standing.person, at=now()), InboxOut)


class Requests(Endpoint):
    @reads(READ, asks=RequestsAsk, gives=page_shape(RequestOut), says="The requests the caller asked or decided.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        read = {"asked": selectors.asked_page, "decided": selectors.decided_page}[ask.pop("whose")]
        return listed(ask, partial(read, caller.standing.person), RequestOut)


class Request(Endpoint):
    @reads(
        READ, gives=RequestWholeOut, says="One request: stages with reasons and people, what differs, what was said."
    )
    def get(self, caller: Caller, ask: dict[str, Any], request_id: UUID) -> Response:
        return _shown(request_id, caller)


class Decisions(Endpoint):
    @writes(
        "approvals:request:decide",
        takes=DecisionIn,
        gives=RequestWholeOut,
        status=201,
        says="Approve, reject, or ask for changes: exactly what has this digest.",
        step_up=True,
    )
    def post(self, caller: Caller, body: dict[str, Any], request_id: UUID) -> Response:
        _require_seen(request_id, caller)
        tied = body.pop("conditions", {})
        ends = {"ends": tied["ends"].isoformat()} if tied.get("ends") else {}
        binding = parse_binding({**tied, **ends})
        change = suggested(body.pop("suggestion", None))
        told = {**body, "conditions": binding, "suggestion": change}
        services.decide(request_id=request_id, **told, by=caller.actor, at=now())
        return _shown(request_id, caller)


class Comments(Endpoint):
    @writes(
        "approvals:request:comment",
        takes=CommentIn,
        gives=RequestWholeOut,
        status=201,
        says="Say something to everyone in the request.",
    )
    def post(self, caller: Caller, body: dict[str, Any], request_id: UUID) -> Response:
        services.comment(request_id=request_id, **body, by=caller.actor, at=now())
        return _shown(request_id, caller)


class Withdrawal(Endpoint):
    @writes(READ, gives=RequestWholeOut, says="Take back a request of one's own.")
    def post(self, caller: Caller, body: dict[str, Any], request_id: UUID) -> Response:
        _require_seen(request_id, caller)
        services.withdraw(request_id=request_id, by=caller.actor, at=now())
        return _shown(request_id, caller)


def _require_seen(request_id: UUID, caller: Caller) -> None:
    """Do nothing when the caller may read the request, so that a hidden one is not found, whatever is asked of it."""
    selectors.request_page(request_id, reader=caller.standing, at=now())


def _shown(request_id: UUID, caller: Caller) -> Response:
    return Response(RequestWholeOut(selectors.request_page(request_id, reader=caller.standing, at=now())).data)
