"""The demo organisation is made once for each database, by the services, and says that it is synthetic."""

import json
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from governance.approvals import selectors as approvals
from governance.approvals.models import Request
from governance.catalogue.models import Dataset
from governance.core.clock import now
from governance.core.vocabulary import Classification
from governance.destinations.models import Destination, ProviderKey
from governance.destinations.rules import Dialect
from governance.gateway.selectors.connection import connection
from governance.initiatives import selectors as initiatives
from governance.organisation.models import Key, Person
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of
from governance.remits.models import Grant, Remit, Sample
from governance.training.models import TrainingSet
from governance.training.vault import vault
from harness.databases import connected_to
from harness.events import Recorded, recording


@dataclass
class Demo:
    """The state folder after the first run, and what was recorded during it."""

    state: Path
    recorded: Recorded

    @property
    def file(self) -> Path:
        return self.state / "demo.json"

    @property
    def told(self) -> dict:
        return json.loads(self.file.read_text())


@pytest.fixture(scope="module")
def demo(server, django_db_setup, django_db_blocker, tmp_path_factory):
    """Told once for all the tests here, in a database of its own."""
    name = server.clone()
    with django_db_blocker.unblock(), connected_to(name):
        made = Demo(tmp_path_factory.mktemp("state"), Recorded())
        with recording(made.recorded):
            call_command("make_demo", state=made.state)
        yield made
    server.drop(name)


@pytest.fixture
def told(demo):
    return demo.told


def standing(login):
    return standing_of(Person.objects.get(login=login).pk)


def test_its_file_is_for_its_owner_alone(demo):
    assert stat.S_IMODE(demo.file.stat().st_mode) == 0o600
    assert [path.name for path in demo.state.iterdir()] == ["demo.json"]


def test_there_is_somebody_for_every_role_who_can_sign_in(told):
    assert {role for person in told["people"] for role in person["roles"]} == set(Role)
    for person in told["people"]:
        assert Person.objects.get(login=person["login"]).check_password(person["password"])


def test_passwords_and_keys_are_in_the_file_only(demo, told):
    assert len({person["password"] for person in told["people"]}) == len(told["people"])
    assert len({key["initiative"] for key in told["keys"]}) >= 2
    stored = str(list(Key.objects.values())) + demo.recorded.text()
    assert not [key for key in told["keys"] if key["key"] in stored]


def test_its_data_and_destinations_are_of_every_kind(told):
    assert set(Dataset.objects.values_list("classification", flat=True)) == set(Classification)
    assert set(Destination.objects.values_list("dialect", flat=True)) == set(Dialect)
    assert set(Destination.objects.values_list("state", flat=True)) == {"proposed", "open", "suspended"}


def test_nothing_in_it_could_reach_a_real_provider(told):
    hosts = Destination.objects.exclude(stand_in=True).values_list("base_url", flat=True)
    assert all(".example" in host for host in hosts)
    assert all(len(key.last_four) == 4 for key in ProviderKey.objects.all())


def test_three_units_fight_over_two_initiatives(told):
    page = initiatives.initiatives(standing=standing("arya"), contested=True)
    assert [row.claims for row in page.rows] == [3, 3]


def test_its_requests_went_every_way(told):
    page = approvals.inbox(Person.objects.get(login="yara").pk, now())
    assert [row.title for row in page] != []
    states = set(Request.objects.values_list("state", flat=True))
    assert states == {"in_review", "approved", "rejected", "changes_requested"}
    assert Remit.objects.filter(state="approved", sandbox=False).count() == 3
    assert Sample.objects.get().remit.initiative.title == "Translation of brochures"


def test_a_builder_may_call_it_in_several_interfaces(told):
    found = connection("assistant-for-developers", standing=standing("juno"), at=now())
    assert {reach.dialect for reach in found.reaches} == {"openai", "anthropic", "databricks", "ollama"}


def test_its_keys_belong_to_initiatives_with_grants_toward_the_stand_in(told):
    codes = {key["initiative"] for key in told["keys"] if key["model"] == "stand-in/stand-in-chat"}
    granted = Grant.objects.filter(state="active", destination__stand_in=True, mode="prompt")
    assert codes <= set(granted.values_list("initiative__code", flat=True))


def test_the_sandbox_of_a_request_that_waits_is_open(told):
    assert Remit.objects.filter(state="approved", sandbox=True, initiative__title="Summaries of calls").exists()


def test_its_training_sets_lie_sealed_and_wait_to_be_scanned(told):
    sets = list(TrainingSet.objects.all())
    assert [row.state for row in sets] == ["received", "received"]
    for row in sets:
        with vault().reader(row.storage_ref) as reader:
            assert b'"messages"' in reader.read()
    stored = [path.read_bytes() for path in vault().root.rglob("*") if path.is_file()]
    assert len(stored) >= len(sets)
    assert not any(b'"messages"' in data for data in stored)


def test_a_second_run_changes_nothing(demo, told):
    people = Person.objects.count()
    call_command("make_demo", state=demo.state)
    assert (demo.told, Person.objects.count()) == (told, people)


def test_a_lost_file_is_not_made_up(demo, tmp_path):
    with pytest.raises(CommandError, match="is gone"):
        call_command("make_demo", state=tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_file_whose_last_step_was_cut_off_is_finished(demo, told):
    demo.file.rename(demo.state / "demo.json.draft")
    call_command("make_demo", state=demo.state)
    assert demo.told == told


def test_outside_demo_mode_it_refuses(settings, tmp_path):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo mode only"):
        call_command("make_demo", state=tmp_path)
    assert not list(tmp_path.iterdir())
