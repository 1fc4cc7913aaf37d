"""What is registered on this machine is scanned for at once, by a new ruleset that names it."""

import json
import subprocess

import pytest

import builders
import scope
from governance.catalogue import indexing, services
from governance.core.actors import INSTALLER
from governance.core.errors import Conflict, Invalid, NotAllowed
from governance.detection.document import Document
from governance.detection.engine import Engine
from governance.detection.ruleset import Ruleset
from governance.organisation.roles import Role
from governance.scanning.selectors import enforced_ruleset
from governance.scanning.services import ensure_default

pytestmark = pytest.mark.django_db
CODE = "\n".join(
    f"def quote_{n}(ledger, tariff):\n    return ledger.depot_{n} * tariff[{n}] - surcharge_{n}" for n in range(9)
)


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.FINGERPRINTS_DIR = tmp_path / "fingerprints"
    ensure_default(by=INSTALLER, at=builders.AT)


def found(text, detector):
    """Scan with the one detector of the ruleset in force."""
    options = enforced_ruleset().detectors.options(detector)
    engine = Engine.load(Ruleset.of({"version": 1, "detectors": {detector: options}}), key=indexing._key())
    return [finding.subtype for finding in engine.scan(Document.of({"": text}), deadline=30).findings]


@pytest.fixture
def register(claims):
    return services.add_register(title="Pricing engine", kind="code", unit_id=claims.pk, by=INSTALLER, at=builders.AT)


@pytest.fixture
def source(tmp_path):
    (tmp_path / "pricing").mkdir()
    (tmp_path / "pricing" / "quotes.py").write_text(CODE)
    return tmp_path / "pricing"


def test_an_indexed_register_is_scanned_for(register, source, claims, recorded):
    steward = builders.actor_with(Role.DATA_STEWARD, claims)
    row = indexing.index_register(register_id=register.pk, roots=[source], by=steward, at=builders.AT)
    assert (row.files, row.indexed_at) == (1, builders.AT)
    assert found(CODE, "source")[0].startswith("Pricing engine:quotes.py:")
    assert recorded.kinds(register.pk) == ["catalogue.register_indexed"]


def test_what_a_repository_holds_and_is_not_registered_is_counted(register, tmp_path):
    own = tmp_path / "repository"
    (own / "vendor").mkdir(parents=True)
    (own / "quotes.py").write_text(CODE)
    (own / "vendor" / "theirs.py").write_text("x = 1\n")
    (own / "link.py").symlink_to("quotes.py")
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=Synthetic", "-c", "user.email=s@example.com", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", "-C", own, *words], check=True)
    row = indexing.index_register(register_id=register.pk, roots=[own], by=INSTALLER, at=builders.AT)
    assert (row.files, row.left_out) == (1, {"foreign": 1, "link": 1})


def test_indexing_again_replaces_what_is_scanned_for(register, source):
    for text in (CODE, "nothing of it\n"):
        (source / "quotes.py").write_text(text)
        indexing.index_register(register_id=register.pk, roots=[source], by=INSTALLER, at=builders.AT)
    assert found(CODE, "source") == []
    assert len(enforced_ruleset().detectors.options("source")["registers"]) == 1


def test_a_retired_register_is_scanned_for_no_more(register, source, claims, recorded):
    steward = builders.actor_with(Role.DATA_STEWARD, claims)
    indexing.index_register(register_id=register.pk, roots=[source], by=steward, at=builders.AT)
    row = services.retire_register(register_id=register.pk, by=steward, at=builders.AT)
    assert row.retired_at == builders.AT
    assert enforced_ruleset().detectors.options("source")["registers"] == []
    assert recorded.kinds(register.pk)[-1] == "catalogue.register_retired"
    with pytest.raises(Conflict, match="retired already"):
        services.retire_register(register_id=register.pk, by=steward, at=builders.AT)
    with pytest.raises(Conflict, match="is retired"):
        indexing.index_register(
            register_id=register.pk, roots=[source / "gone"], by=steward, at=builders.AT
        )  # not read


def test_a_register_that_was_never_indexed_is_retired_with_the_ruleset_as_it_was(register):
    before = enforced_ruleset().digest
    services.retire_register(register_id=register.pk, by=INSTALLER, at=builders.AT)
    assert enforced_ruleset().digest == before


def test_who_looks_after_no_data_there_retires_nothing(register, owner):
    with pytest.raises(NotAllowed):
        services.retire_register(register_id=register.pk, by=owner, at=builders.AT)


def test_who_looks_after_no_data_there_indexes_nothing(register, source, owner):
    indexing.index_register(register_id=register.pk, roots=[source], by=INSTALLER, at=builders.AT)
    before = enforced_ruleset().digest
    (source / "more.py").write_text(CODE.replace("depot", "yard"))
    with pytest.raises(NotAllowed):
        indexing.index_register(register_id=register.pk, roots=[source], by=owner, at=builders.AT)
    assert enforced_ruleset().digest == before
    assert found(CODE, "source"), "what is in force can still be opened"


def test_what_is_said_to_be_public_is_passed_over_also_where_a_register_holds_it(register, source, group):
    indexing.index_register(register_id=register.pk, roots=[source], by=INSTALLER, at=builders.AT)
    assert found(CODE, "source")
    public = services.add_register(title="Published", kind="public", unit_id=group.pk, by=INSTALLER, at=builders.AT)
    for text, lines, is_found in ((CODE, 18, False), ("nothing of it\n", 1, True)):
        (source / "quotes.py").write_text(text)
        row = indexing.index_register(register_id=public.pk, roots=[source], by=INSTALLER, at=builders.AT)
        assert (row.files, row.lines) == (1, lines)
        assert bool(found(CODE, "source")) is is_found
    kinds = {each["id"]: each["kind"] for each in enforced_ruleset().detectors.options("source")["registers"]}
    assert kinds == {"Pricing engine": "source", "Published": "public"}


def test_rows_of_a_dataset_are_known(tmp_path, claims):
    dataset = scope.dataset(claims)
    (tmp_path / "rows.csv").write_text(
        "name,mail,note\nOrla Birkeland,orla.b@example.com,x\nTove Dunmore,tove@example.com,y\n"
    )
    indexing.register_rows(
        dataset_id=dataset.pk, file=tmp_path / "rows.csv", columns=["name", "mail"], by=INSTALLER, at=builders.AT
    )
    assert found("Ask Orla Birkeland <orla.b@example.com> about it.", "datasets") == [dataset.ref]


def test_rows_that_are_refused_leave_those_in_force_as_they_are(tmp_path, claims):
    """Else no scan worker that starts afterwards could open what the ruleset names, and nothing would leave any more."""
    dataset = scope.dataset(claims)
    file, told = tmp_path / "rows.csv", {"columns": [], "by": INSTALLER, "at": builders.AT}
    file.write_text("name,mail\nOrla Birkeland,orla.b@example.com\n")
    indexing.register_rows(dataset_id=dataset.pk, file=file, **told)
    services.retire_dataset(dataset_id=dataset.pk, revision=dataset.revision, by=INSTALLER, at=builders.AT)
    file.write_text("name,mail\nTove Dunmore,tove@example.com\n")
    with pytest.raises(NotAllowed, match="retired"):
        indexing.register_rows(dataset_id=dataset.pk, file=file, **told)
    assert found("Ask Orla Birkeland <orla.b@example.com> about it.", "datasets") == [dataset.ref]


def test_a_column_that_is_not_there_is_named(tmp_path, claims):
    dataset = scope.dataset(claims)
    (tmp_path / "rows.csv").write_text("name\nOrla\n")
    with pytest.raises(Invalid, match="unknown_column"):
        indexing.register_rows(
            dataset_id=dataset.pk, file=tmp_path / "rows.csv", columns=["mail"], by=INSTALLER, at=builders.AT
        )


def test_items_of_an_exam_are_known(tmp_path, group):
    question = "How many copper lanterns does the harbour master count before the seventh ferry leaves?"
    (tmp_path / "exam.jsonl").write_text(json.dumps({"id": "q1", "question": question}) + "\n")
    indexing.add_exam(name="harbour", file=tmp_path / "exam.jsonl", by=INSTALLER, at=builders.AT)
    assert found(question, "evaluation") == ["harbour:q1"]


def test_a_name_that_would_leave_its_folder_is_refused(tmp_path):
    with pytest.raises(Invalid, match="bad_ref"):
        indexing.add_exam(name="../elsewhere", file=tmp_path / "exam.jsonl", by=INSTALLER, at=builders.AT)
