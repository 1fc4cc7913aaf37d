"""What was decided, on what and by which rules, is refused a change by the database itself; and the rules' versions."""

import pytest
from django.db import DatabaseError, transaction

import asking
from governance.approvals import services
from governance.approvals.models import Decision, Revision, Workflow
from governance.approvals.selectors import workflows
from governance.approvals.shipped import shipped_definition
from governance.core.actors import INSTALLER
from governance.core.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "change"),
    [
        pytest.param(Decision, {"kind": "approve"}, id="a decision"),
        pytest.param(Revision, {"digest": "0" * 64}, id="what was decided on"),
        pytest.param(Workflow, {"definition": {}}, id="the rules"),
    ],
)
def test_the_database_refuses_to_change_it(request_for_letters, it, model, change):
    asking.say("approve", request_for_letters, by=it)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        model.objects.update(**change)
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        model.objects.all()._raw_delete("default")  # past the foreign keys that Django checks itself


def test_the_same_rules_again_are_no_new_version():
    first = services.install_workflow(document=shipped_definition(), by=INSTALLER, at=asking.AT)
    again = services.install_workflow(document=shipped_definition(), by=INSTALLER, at=asking.LATER)
    assert first == again


def test_an_open_request_stays_on_the_rules_it_began_with(request_for_letters, assistant, owner, letters, tenant):
    began = request_for_letters.workflow
    stricter = shipped_definition() | {"stages": shipped_definition()["stages"][:2]}
    newer = services.install_workflow(document=stricter, by=INSTALLER, at=asking.AT)
    request_for_letters.refresh_from_db()
    assert (request_for_letters.workflow, newer.version) == (began, began.version + 1)
    assert [row.version for row in workflows(at=asking.AT)] == [newer.version, began.version]


def test_nobody_changes_the_rules_alone(admin):
    with pytest.raises(NotAllowed):
        services.install_workflow(document=shipped_definition(), by=admin, at=asking.AT)


def test_broken_rules_are_not_installed():
    with pytest.raises(Invalid):
        services.install_workflow(document={"name": "default"}, by=INSTALLER, at=asking.AT)


def test_installing_again_never_changes_who_must_approve():
    own = shipped_definition() | {"stages": shipped_definition()["stages"][:2]}
    ours = services.install_workflow(document=own, by=INSTALLER, at=asking.AT)
    assert services.ensure_workflow(by=INSTALLER, at=asking.LATER) == ours
