"""The demo organisation is made once for each database, by the services, and says that it is synthetic."""

import json
import stat

import pytest
from django.core.management import CommandError, call_command

from governance.catalogue.models import Dataset
from governance.core.vocabulary import Classification
from governance.destinations.models import Destination, ProviderKey
from governance.destinations.rules import Dialect
from governance.initiatives import selectors as initiatives
from governance.organisation.models import Key, Person
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(db, tmp_path):
    call_command("make_demo", state=tmp_path)
    return json.loads((tmp_path / "demo.json").read_text())


def standing(login):
    return standing_of(Person.objects.get(login=login).pk)


def test_its_file_is_for_its_owner_alone(told, tmp_path):
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600
    assert not (tmp_path / "demo.json.draft").exists()


def test_there_is_somebody_for_every_role_who_can_sign_in(told):
    assert {role for person in told["people"] for role in person["roles"]} == set(Role)
    for person in told["people"]:
        assert Person.objects.get(login=person["login"]).check_password(person["password"])


def test_passwords_and_keys_are_in_the_file_only(recorded, told):
    assert len({person["password"] for person in told["people"]}) == len(told["people"])
    assert len({key["initiative"] for key in told["keys"]}) >= 2
    stored = str(list(Key.objects.values())) + recorded.text()
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


def test_a_second_run_changes_nothing(told, tmp_path):
    before = (tmp_path / "demo.json").read_text(), Person.objects.count()
    call_command("make_demo", state=tmp_path)
    assert ((tmp_path / "demo.json").read_text(), Person.objects.count()) == before


def test_a_lost_file_is_not_made_up(told, tmp_path):
    (tmp_path / "demo.json").unlink()
    with pytest.raises(CommandError, match="is gone"):
        call_command("make_demo", state=tmp_path)


def test_a_file_whose_last_step_was_cut_off_is_finished(told, tmp_path):
    (tmp_path / "demo.json").rename(tmp_path / "demo.json.draft")
    call_command("make_demo", state=tmp_path)
    assert json.loads((tmp_path / "demo.json").read_text()) == told


def test_outside_demo_mode_it_refuses(db, settings, tmp_path):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demo mode only"):
        call_command("make_demo", state=tmp_path)
    assert not Person.objects.exists()
