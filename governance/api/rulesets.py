"""Versions of the ruleset: made, run in shadow beside the one in force, and put in force by somebody else."""

from typing import Any

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, reads, writes
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.detection.policy import Verdict
from governance.detection.ways import Way
from governance.gateway.comparing import Effect
from governance.gateway.selectors.comparisons import compared_with, comparisons
from governance.scanning import selectors, services
from governance.scanning.changing import HIGHEST_SURE, LOWEST_SURE, Changes, RuleChange
from governance.scanning.comparing import Change, differences
from governance.scanning.rules import RulesetMode

READ, EDIT, ENFORCE = "scanning:ruleset:read", "scanning:ruleset:edit", "scanning:ruleset:enforce"
CALLS = "gateway:exchange:read"
MOST_RULES, LARGEST = 200, 2**31 - 1
ACTIONS = [str(verdict) for verdict in Verdict if verdict is not Verdict.UNAVAILABLE]


class RulesetVersionOut(Out):
    version = serializers.IntegerField()
    digest = serializers.CharField()
    mode = serializers.ChoiceField(list(RulesetMode))
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField()
    enforced_at = serializers.DateTimeField(allow_null=True)
    enforced_by = serializers.CharField()


class RulesetDifferenceOut(Out):
    part = serializers.CharField(help_text="rule, otherwise, detector, or entry: a register, set of rows or exam.")
    name = serializers.CharField()
    change = serializers.ChoiceField(list(Change))
    before = serializers.JSONField(allow_null=True)
    after = serializers.JSONField(allow_null=True)


class RulesetWholeOut(Out):
    row = RulesetVersionOut()
    rules = serializers.ListField(child=serializers.DictField())
    otherwise = serializers.CharField(help_text="What happens to a type that no rule names.")
    detectors = serializers.ListField(child=serializers.CharField())
    differences = RulesetDifferenceOut(many=True, help_text="From the version before; [] for the first.")


class RuleChangeIn(In):
    code = Text(max_length=80)
    action = serializers.ChoiceField(ACTIONS)
    way = serializers.ChoiceField(list(Way), required=False, default=Way.PLACEHOLDER, help_text="Where it replaces.")


class VersionIn(In):
    basis = serializers.IntegerField(
        min_value=1, max_value=LARGEST, help_text="The version in force that you read; another is refused."
    )
    rules = serializers.ListField(child=RuleChangeIn(), max_length=MOST_RULES, required=False, default=list)
    sure = serializers.IntegerField(
        min_value=LOWEST_SURE,
        max_value=HIGHEST_SURE,
        required=False,
        allow_null=True,
        default=None,
        help_text="How sure it must be of numbers and addresses, in per cent.",
    )
    strict = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="A second model for names."
    )


class ShadowIn(In):
    on = serializers.BooleanField()


class KindChangeOut(Out):
    type = serializers.CharField()
    before = serializers.CharField(help_text='What it met: an action, or "redact:mask"; "" where it is not found.')
    after = serializers.CharField(help_text="What it would meet.")
    count = serializers.IntegerField()


class ComparisonOut(Out):
    calls = serializers.IntegerField(help_text="Calls that this version decided too.")
    differing = serializers.IntegerField()
    effects = serializers.DictField(
        child=serializers.IntegerField(), help_text="{what would become of calls: how many}"
    )
    kinds = KindChangeOut(many=True, help_text="Of the newest calls that differ, the most frequent first.")


class ComparedCallOut(Out):
    exchange = serializers.UUIDField(source="exchange.id")
    verdict = serializers.CharField(source="exchange.verdict")
    effect = serializers.ChoiceField(list(Effect))
    would_be = serializers.CharField(source="verdict", help_text="The verdict that would have been.")
    kinds = KindChangeOut(many=True)
    at = serializers.DateTimeField()


class CallsAsk(ListAsk):
    effect = serializers.ChoiceField(list(Effect), required=False, help_text="Without it those that differ.")


class Rulesets(Endpoint):
    @reads(READ, asks=ListAsk, gives=page_shape(RulesetVersionOut), says="All versions, newest first.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, selectors.rulesets, RulesetVersionOut, standing=caller.standing)

    @writes(EDIT, takes=VersionIn, gives=RulesetWholeOut, status=201, says="Make a version that decides otherwise.")
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        rules = {each["code"]: RuleChange(Verdict(each["action"]), Way(each["way"])) for each in body["rules"]}
        changes = Changes(rules, body["sure"], body["strict"])
        made = services.make_version(basis=body["basis"], changes=changes, by=caller.actor, at=now())
        return _shown(made.version, caller)


class RulesetVersion(Endpoint):
    @reads(READ, gives=RulesetWholeOut, says="One version: its rules, and what it changed.")
    def get(self, caller: Caller, ask: dict[str, Any], version: int) -> Response:
        return _shown(version, caller)


class RulesetComparison(Endpoint):
    @reads(CALLS, gives=ComparisonOut, says="What this version changed, or would, of the calls the caller may see.")
    def get(self, caller: Caller, ask: dict[str, Any], version: int) -> Response:
        row = selectors.ruleset(version, standing=caller.standing)
        return Response(ComparisonOut(compared_with(row.digest, standing=caller.standing)).data)


class RulesetCalls(Endpoint):
    @reads(CALLS, asks=CallsAsk, gives=page_shape(ComparedCallOut), says="Calls that this version decides otherwise.")
    def get(self, caller: Caller, ask: dict[str, Any], version: int) -> Response:
        row = selectors.ruleset(version, standing=caller.standing)
        return listed(ask, comparisons, ComparedCallOut, ruleset=row.digest, standing=caller.standing, at=now())


class RulesetShadow(Endpoint):
    @writes(EDIT, takes=ShadowIn, gives=RulesetWholeOut, says="Decide by it beside the one in force, or no longer.")
    def post(self, caller: Caller, body: dict[str, Any], version: int) -> Response:
        services.run_in_shadow(version=version, on=body["on"], by=caller.actor, at=now())
        return _shown(version, caller)


class RulesetRenewal(Endpoint):
    @writes(EDIT, gives=RulesetWholeOut, status=201, says="Make it again with all that is registered now.")
    def post(self, caller: Caller, body: dict[str, Any], version: int) -> Response:
        made = services.renew_version(version=version, by=caller.actor, at=now())
        return _shown(made.version, caller)


class RulesetEnforcement(Endpoint):
    @writes(ENFORCE, gives=RulesetWholeOut, step_up=True, says="Put it in force. Not by whoever made it.")
    def post(self, caller: Caller, body: dict[str, Any], version: int) -> Response:
        services.put_in_force(version=version, by=caller.actor, at=now())
        return _shown(version, caller)


def _shown(version: int, caller: Caller) -> Response:
    row = selectors.ruleset(version, standing=caller.standing)
    before = selectors.ruleset(version - 1, standing=caller.standing) if version > 1 else None
    policy = row.body["policy"]
    told = {
        "row": row,
        "rules": policy["rules"],
        "otherwise": policy["otherwise"],
        "detectors": sorted(row.body["detection"]["detectors"]),
        "differences": differences(before.body, row.body) if before else [],
    }
    return Response(RulesetWholeOut(told).data)
