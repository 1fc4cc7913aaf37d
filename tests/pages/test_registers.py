"""A steward sees what of theirs is recognised, how fresh that is, and adds a register."""

import pytest

import builders
from governance.catalogue import indexing, services
from governance.catalogue.models import SourceRegister
from governance.core.actors import INSTALLER
from governance.detection.fingerprints.folders import LARGEST_FILE
from governance.organisation.roles import Role
from governance.scanning.services import ensure_default

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(signed_in, claims):
    return signed_in(Role.DATA_STEWARD, where=claims)


def test_an_empty_list_teaches(steward):
    page = steward.get("/registers/").text
    assert "No register yet" in page


def test_a_register_is_added_and_says_that_nothing_is_recognised_yet(steward, claims):
    told = {"title": "Pricing engine", "kind": "code", "unit_id": str(claims.pk)}
    assert steward.post("/registers/new", told).status_code == 302
    page = steward.get("/registers/").text
    assert ("Pricing engine" in page, "Nothing is recognised yet" in page) == (True, True)


def test_a_title_is_taken_once(steward, claims):
    told = {"title": "Pricing engine", "kind": "code", "unit_id": str(claims.pk)}
    steward.post("/registers/new", told)
    assert steward.post("/registers/new", told).status_code == 422


def test_public_text_is_called_passed_over_and_not_recognised(signed_in, group, settings, tmp_path):
    settings.FINGERPRINTS_DIR = tmp_path / "fingerprints"
    ensure_default(by=INSTALLER, at=builders.AT)
    steward = signed_in(Role.DATA_STEWARD, where=group)
    told = {"title": "Published forms", "kind": "public", "unit_id": str(group.pk)}
    assert steward.post("/registers/new", told).status_code == 302
    page = steward.get("/registers/").text
    assert ("Nothing is passed over yet" in page, "Nothing is recognised yet" in page) == (True, False)
    (tmp_path / "form.html").write_text("<label>What was damaged?</label>\n")
    row = SourceRegister.objects.get(title="Published forms")
    indexing.index_register(register_id=row.pk, roots=[tmp_path / "form.html"], by=INSTALLER, at=builders.AT)
    assert "Anybody may have it" in steward.get("/registers/").text


@pytest.fixture
def register(claims):
    return services.add_register(title="Pricing engine", kind="code", unit_id=claims.pk, by=INSTALLER, at=builders.AT)


def test_how_much_of_a_register_is_recognised_is_told_with_what_is_not_and_why(steward, register, settings, tmp_path):
    settings.FINGERPRINTS_DIR = tmp_path / "fingerprints"
    ensure_default(by=INSTALLER, at=builders.AT)
    own = tmp_path / "pricing"
    (own / "vendor").mkdir(parents=True)
    for number in range(3):
        (own / f"quotes_{number}.py").write_text(f"def quote_{number}(ledger):\n    return ledger.depot_{number}\n" * 9)
    (own / "table.bin").write_bytes(b"\x00" * 64)
    (own / "dump.txt").write_text("synthetic " * (LARGEST_FILE // 10 + 1))
    (own / "vendor" / "theirs.py").write_text("x = 1\n")
    (own / "link.py").symlink_to(own / "quotes_0.py")
    indexing.index_register(register_id=register.pk, roots=[own], by=INSTALLER, at=builders.AT)
    page = steward.get("/registers/").text
    assert "60 % of 5 files" in page
    assert '<progress aria-label="Recognised" value="3" max="5">' in page
    assert "1 left out: over the limit" in page
    assert "1 left out: no text" in page
    assert "1 left out: links" in page
    assert "1 left out on purpose" in page


def test_what_is_nearly_all_is_not_said_to_be_all(steward, register):
    SourceRegister.objects.update(files=9_999, indexed_at=builders.AT, left_out={"no_text": 1})
    assert "99 % of 10,000 files" in steward.get("/registers/").text


def test_a_register_of_before_the_counting_says_that_nobody_counted(steward, register):
    SourceRegister.objects.update(files=7, indexed_at=builders.AT)
    assert "Not counted: index it again" in steward.get("/registers/").text


def test_a_register_is_retired_and_shown_when_asked_for(steward, register):
    page = steward.get("/registers/").text
    assert "Retire Pricing engine for good? What it holds is recognised no more." in page
    assert steward.post(f"/registers/{register.pk}/retire").status_code == 302
    page = steward.get("/registers/").text
    assert "Pricing engine is retired." in page
    assert "Looked after by" not in page
    page = steward.get("/registers/?retired=too").text
    assert "No more" in page
    assert "Retire Pricing engine for good?" not in page


def test_the_questions_to_the_database_do_not_grow(steward, claims, django_assert_max_num_queries):
    for number in range(60):
        services.add_register(title=f"Register {number}", kind="code", unit_id=claims.pk, by=INSTALLER, at=builders.AT)
    with django_assert_max_num_queries(16):
        assert steward.get("/registers/?sort=-indexed").status_code == 200
