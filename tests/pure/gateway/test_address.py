"""Which destination a model's name leads to."""

from uuid import UUID

import pytest

import prompt_samples as samples
from governance.core.errors import Invalid, NotAllowed
from governance.gateway.address import check_declared, declared_datasets, names_of, target_of

QUILL = samples.offer()
OTHER = samples.offer(2, destination=UUID(int=2000), destination_ref="other", models=("quill-1", "vendor/model"))


@pytest.mark.parametrize(
    ("model", "offers", "destination", "name"),
    [
        pytest.param("quill-2", [QUILL, OTHER], QUILL.destination, "quill-2", id="a bare name of one destination"),
        pytest.param("quill/quill-1", [QUILL, OTHER], QUILL.destination, "quill-1", id="a full name"),
        pytest.param("vendor/model", [OTHER], OTHER.destination, "vendor/model", id="a model with a slash of its own"),
        pytest.param("other/vendor/model", [QUILL, OTHER], OTHER.destination, "vendor/model", id="both"),
    ],
)
def test_a_name_leads_to_one_destination(model, offers, destination, name):
    target = target_of(model, offers)
    assert (target.destination, target.model) == (destination, name)


@pytest.mark.parametrize(
    ("model", "offers", "code"),
    [
        pytest.param("quill-1", [QUILL, OTHER], "model_ambiguous", id="two destinations have it"),
        pytest.param("quill-9", [QUILL], "model_unknown", id="no destination has it"),
        pytest.param("nowhere/quill-1", [QUILL], "model_unknown", id="a destination without grant"),
        pytest.param("", [QUILL], "model_unknown", id="no name"),
        pytest.param("quill/", [QUILL], "model_unknown", id="half a name"),
        pytest.param("quill-1", [], "model_unknown", id="no grant at all"),
    ],
)
def test_an_unclear_name_is_refused_with_the_names_there_are(model, offers, code):
    with pytest.raises(Invalid) as refused:
        target_of(model, offers)
    assert refused.value.code == code
    assert all(name in refused.value.reason for name, _ in names_of(offers))


def test_a_sandbox_grant_counts_only_where_no_ordinary_one_leads():
    sandbox = samples.offer(3, sandbox=True, conditions={"calls_per_day": 5})
    assert target_of("quill-1", [sandbox]).offers == (sandbox,)
    assert target_of("quill-1", [sandbox, QUILL]).offers == (QUILL,)


def test_declaring_can_only_refuse():
    target = target_of("quill-1", [QUILL])
    check_declared((), target)
    check_declared(("letters",), target)
    with pytest.raises(NotAllowed):
        check_declared(("letters", "patients"), target)


def test_declared_datasets_are_read_once_each():
    assert declared_datasets(" a, b ,,a,") == ("a", "b")
