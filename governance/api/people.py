"""People: who can sign in, which roles they hold where."""

from typing import Any
from uuid import UUID

from rest_framework import serializers
from rest_framework.response import Response

from governance.api.auth import Caller
from governance.api.doors import Endpoint, checked, reads, writes
from governance.api.pages import ListAsk, listed, page_shape
from governance.api.parsing import In, Out, Text
from governance.core.clock import now
from governance.organisation import directory, services
from governance.organisation.roles import Role
from governance.organisation.rules import RoleSource
from governance.organisation.selectors import authorize, unit

READ, EDIT, GIVE = "organisation:person:read", "organisation:person:edit", "organisation:role:give"


class HeldRoleOut(Out):
    role = serializers.ChoiceField(list(Role))
    unit = serializers.UUIDField(source="unit_id")
    unit_name = serializers.CharField(source="unit")
    since = serializers.DateTimeField()
    given_by = serializers.ChoiceField(
        list(RoleSource), source="source", help_text="A person here, or a group at the identity provider."
    )


class PersonOut(Out):
    id = serializers.UUIDField()
    name = serializers.CharField()
    login = serializers.CharField()
    email = serializers.CharField()
    active = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    units = serializers.ListField(child=serializers.CharField())
    roles = HeldRoleOut(many=True)


class PeopleAsk(ListAsk):
    search = Text(required=False, allow_blank=True, max_length=100)
    role = serializers.ChoiceField(list(Role), required=False)
    active = serializers.BooleanField(required=False)
    sort = serializers.ChoiceField(list(directory.SORTS), required=False)


class PersonIn(In):
    login = Text(max_length=200)
    name = Text(max_length=200)
    email = Text(max_length=254, required=False, allow_blank=True, default="")
    password = Text(
        max_length=200, required=False, write_only=True, help_text="Leave it out for the identity provider's people."
    )
    subject = Text(max_length=500, required=False, help_text='"issuer|sub" at the identity provider.')
    unit = serializers.UUIDField(help_text="The first unit they belong to.")


class RoleIn(In):
    role = serializers.ChoiceField(list(Role))
    unit = serializers.UUIDField(source="unit_id")


class MembershipIn(In):
    unit = serializers.UUIDField(source="unit_id")


class People(Endpoint):
    @reads(READ, asks=PeopleAsk, gives=page_shape(PersonOut), says="People the caller may see.")
    def get(self, caller: Caller, ask: dict[str, Any]) -> Response:
        return listed(ask, directory.people, PersonOut, standing=caller.standing)

    @writes(EDIT, takes=PersonIn, gives=PersonOut, status=201, says="Make a person who can sign in.", step_up=True)
    def post(self, caller: Caller, body: dict[str, Any]) -> Response:
        where = unit(body.pop("unit"))
        # Asked before they are made: without a unit they would be somebody whom the caller cannot see.
        authorize(caller.actor, EDIT, where.path)
        made = services.make_person(**body, by=caller.actor, at=now())
        services.join_unit(person_id=made.pk, unit_id=where.pk, by=caller.actor, at=now())
        return _shown(made.pk, caller)


class Person(Endpoint):
    @reads(READ, gives=PersonOut, says="One person.")
    def get(self, caller: Caller, ask: dict[str, Any], person: UUID) -> Response:
        return _shown(person, caller)


class Deactivation(Endpoint):
    @writes(EDIT, gives=PersonOut, says="Shut a person out: sessions end, keys stop.", step_up=True)
    def post(self, caller: Caller, body: dict[str, Any], person: UUID) -> Response:
        directory.person(person, standing=caller.standing)
        services.deactivate_person(person_id=person, by=caller.actor, at=now())
        return _shown(person, caller)


class Roles(Endpoint):
    @writes(
        GIVE, takes=RoleIn, gives=PersonOut, status=201, says="Give a role on a unit and all below it.", step_up=True
    )
    def post(self, caller: Caller, body: dict[str, Any], person: UUID) -> Response:
        directory.person(person, standing=caller.standing)
        services.give_role(person_id=person, **body, by=caller.actor, at=now())
        return _shown(person, caller)


class HeldRole(Endpoint):
    @writes(GIVE, says="Take a role that was given on exactly this unit.", step_up=True)
    def delete(self, caller: Caller, body: dict[str, Any], person: UUID, role: str, unit_id: UUID) -> Response:
        directory.person(person, standing=caller.standing)
        named = checked(RoleIn, {"role": role, "unit": unit_id})
        services.take_role(person_id=person, **named, by=caller.actor, at=now())
        return Response()


class Memberships(Endpoint):
    @writes(EDIT, takes=MembershipIn, gives=PersonOut, status=201, says="Make a person a member of a unit.")
    def post(self, caller: Caller, body: dict[str, Any], person: UUID) -> Response:
        directory.person(person, standing=caller.standing)
        services.join_unit(person_id=person, **body, by=caller.actor, at=now())
        return _shown(person, caller)


class Membership(Endpoint):
    @writes(EDIT, says="End a membership.")
    def delete(self, caller: Caller, body: dict[str, Any], person: UUID, unit_id: UUID) -> Response:
        directory.person(person, standing=caller.standing)
        services.leave_unit(person_id=person, unit_id=unit_id, by=caller.actor, at=now())
        return Response()


def _shown(person: UUID, caller: Caller) -> Response:
    return Response(PersonOut(directory.person(person, standing=caller.standing)).data)
