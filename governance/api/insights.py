"""Figures: where requests wait, who owns what, what data flows where. Hours are hours of the clock, as decimal numbers.

Figures may be a minute old.
"""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.approvals.rules import RequestState
from governance.core.clock import now
from governance.core.vocabulary import Classification, Hosting
from governance.initiatives.rules import InitiativeState
from governance.insights import exposure, flows, open_requests, ownership, pace, waiting
from governance.insights.kept import kept
from governance.insights.scope import READ, USUAL_DAYS, Scope, scope_for
from governance.organisation.roles import Role

LONGEST_DAYS = 3650


class FiguresAsk(In):
    days = serializers.IntegerField(
        min_value=1,
        max_value=LONGEST_DAYS,
        default=USUAL_DAYS,
        help_text="The period: so many days back, whole days in UTC.",
    )
    unit = Text(max_length=100, required=False, default="", help_text="The ref of a unit: only it and all below.")


class OpenRequestsAsk(ListAsk):
    unit = Text(max_length=100, required=False, help_text="The ref of a unit: only it and all below.")
    role = serializers.ChoiceField(list(Role), required=False, help_text="Somebody holding it has not answered yet.")
    older_than_days = serializers.IntegerField(min_value=0, max_value=LONGEST_DAYS, required=False)


class WaitOut(Out):
    half = serializers.FloatField(help_text="Half of the waits were at most so many hours long.")
    most = serializers.FloatField(help_text="Nine of ten were.")
    number = serializers.IntegerField(help_text="How many waits the hours are taken from.")


class NamedWaitOut(Out):
    name = serializers.CharField()
    wait = WaitOut()


class PaceOut(Out):
    wait = WaitOut(allow_null=True)
    before = WaitOut(allow_null=True, help_text="The same of the period of equal length before.")
    approved = serializers.IntegerField()


class PairOut(Out):
    asking = serializers.CharField(help_text="The unit that waits.")
    role = serializers.CharField()
    deciding = serializers.CharField(help_text='The unit the role is held on; "" for the asking unit or one above it.')
    waiting = serializers.IntegerField(help_text="Requests that wait now.")
    since = serializers.DateTimeField(allow_null=True, help_text="Since when the oldest of them waits.")
    answered = WaitOut(allow_null=True)


class AgeOut(Out):
    from_days = serializers.IntegerField()
    to_days = serializers.IntegerField(allow_null=True)
    deciders = serializers.IntegerField(help_text="Wait for somebody who decides.")
    asker = serializers.IntegerField(help_text="Wait for who asked.")


class WeekOut(Out):
    week = serializers.DateField(help_text="Its Monday, in UTC.")
    asked = serializers.IntegerField()
    decided = serializers.IntegerField()


class SideBySideOut(Out):
    first = serializers.CharField()
    second = serializers.CharField()
    in_line = WaitOut()
    beside = WaitOut(help_text="The longer of the two alone, assuming that people answer as fast.")
    spared = serializers.IntegerField(help_text="How often the first said no, so that the second was never asked.")


class WaitingOut(Out):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    pace = PaceOut()
    stages = NamedWaitOut(many=True)
    roles = NamedWaitOut(many=True)
    tiers = NamedWaitOut(many=True, help_text='"": about no initiative.')
    units = NamedWaitOut(many=True)
    pairs = PairOut(many=True)
    ages = AgeOut(many=True)
    weeks = WeekOut(many=True)
    side_by_side = SideBySideOut(many=True)


class OpenRequestOut(Out):
    id = serializers.UUIDField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    unit_name = serializers.CharField(source="unit")
    requester = serializers.CharField()
    state = serializers.ChoiceField(list(RequestState))
    opened_at = serializers.DateTimeField()
    stages = serializers.ListField(child=serializers.CharField())
    roles = serializers.ListField(child=serializers.CharField(), help_text='"": people asked by name.')


class UnitOwnsOut(Out):
    unit_name = serializers.CharField(source="unit")
    ref = serializers.CharField()
    head = serializers.CharField()
    total = serializers.IntegerField()
    states = serializers.DictField(child=serializers.IntegerField(), help_text="Initiatives by state.")
    contested = serializers.IntegerField(help_text="Of them, claimed by another unit.")
    claims = serializers.IntegerField(help_text="Initiatives of others that this unit claims.")


class ContestedOut(Out):
    code = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(list(InitiativeState))
    owner = serializers.CharField()
    rivals = serializers.ListField(child=serializers.CharField())
    arbiter = serializers.CharField(help_text='Who rules; "" while nobody holds the role.')
    since = serializers.DateTimeField()
    due_at = serializers.DateTimeField(help_text="If nobody rules until then, the owner is confirmed.")


class OwnershipOut(Out):
    units = UnitOwnsOut(many=True)
    contested = ContestedOut(many=True, help_text="At most fifty, the first due on top.")
    contested_total = serializers.IntegerField()


class TrafficOut(Out):
    calls = serializers.IntegerField()
    left = serializers.IntegerField()
    changed = serializers.IntegerField(help_text="Left with parts replaced.")
    stopped = serializers.IntegerField()


class DataOut(Out):
    ref = serializers.CharField()
    title = serializers.CharField()
    classification = serializers.ChoiceField(list(Classification))
    personal_data = serializers.ListField(child=serializers.CharField())


class FlowPlaceOut(Out):
    ref = serializers.CharField()
    title = serializers.CharField()
    hosting = serializers.ChoiceField(list(Hosting))
    region = serializers.CharField()


class FlowOut(Out):
    dataset = DataOut(source="data")
    destination = FlowPlaceOut(source="place")
    traffic = TrafficOut()
    grants = serializers.IntegerField(help_text="In force now.")


class FlowsOut(Out):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    flows = FlowOut(many=True)
    traffic = TrafficOut(help_text="All calls, each once.")


class CellOut(Out):
    what = serializers.CharField()
    toward = serializers.CharField()
    traffic = TrafficOut()
    grants = serializers.IntegerField()


class FoundOut(Out):
    kind = serializers.CharField()
    found = serializers.IntegerField()
    traffic = TrafficOut(help_text="The calls in which it was found.")


class RefusalOut(Out):
    code = serializers.CharField()
    calls = serializers.IntegerField()


class ExposureOut(Out):
    since = serializers.DateTimeField()
    until = serializers.DateTimeField()
    by_hosting = CellOut(many=True, help_text="By classification; a call counts once, under the highest of its data.")
    by_region = CellOut(many=True)
    personal = CellOut(many=True, help_text="By kind of personal data and hosting.")
    found = FoundOut(many=True)
    refused = RefusalOut(many=True)


class Waiting(Endpoint):
    @reads(READ, asks=FiguresAsk, gives=WaitingOut, says="How long requests wait, for whom, and what would be faster.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        scope = _scope(caller, ask)
        waits, answers = kept(waiting.waits, scope), kept(waiting.answers, scope)
        figures = {
            "pace": kept(pace.pace, scope),
            "stages": waits.stages,
            "tiers": waits.tiers,
            "units": waits.units,
            "roles": answers.roles,
            "pairs": answers.pairs,
            "ages": open_requests.ages(scope),
            "weeks": pace.weeks(scope, zone="UTC"),
            "side_by_side": kept(pace.side_by_side, scope),
        }
        return Response(WaitingOut(_period(scope) | figures).data)


class OpenRequests(Endpoint):
    @reads(
        READ, asks=OpenRequestsAsk, gives=page_shape(OpenRequestOut), says="Requests that are open, the longest first."
    )
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        scope = scope_for(caller.standing, at=now(), unit=ask.pop("unit", ""))
        return listed(ask, lambda **asked: open_requests.open_requests(scope, **asked), OpenRequestOut)


class Ownership(Endpoint):
    @reads(READ, asks=FiguresAsk, gives=OwnershipOut, says="Which unit answers for what, and what is contested, now.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return Response(OwnershipOut(kept(ownership.ownership, _scope(caller, ask))).data)


class Flows(Endpoint):
    @reads(READ, asks=FiguresAsk, gives=FlowsOut, says="What data went, and may go, toward which destination.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        scope = _scope(caller, ask)
        found = kept(flows.flows, scope)
        return Response(FlowsOut(_period(scope) | {"flows": found.flows, "traffic": found.traffic}).data)


class Exposure(Endpoint):
    @reads(READ, asks=FiguresAsk, gives=ExposureOut, says="How sensitive what left is, and what was held back.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        scope = _scope(caller, ask)
        found = exposure.exposure(scope, kept(flows.flows, scope))
        cells = {"by_hosting": found.by_hosting, "by_region": found.by_region, "personal": found.personal}
        return Response(ExposureOut(_period(scope) | cells | {"found": found.found, "refused": found.refused}).data)


def _scope(caller: Caller, ask: dict[str, Any]) -> Scope:
    return scope_for(caller.standing, at=now(), days=ask["days"], unit=ask["unit"])


def _period(scope: Scope) -> dict[str, Any]:
    return {"since": scope.since, "until": scope.until}
