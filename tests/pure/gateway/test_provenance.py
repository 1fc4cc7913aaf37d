"""How we know which data a call carries."""

import pytest

from governance.gateway.rules import Provenance, provenance_of


@pytest.mark.parametrize(
    ("datasets", "types_found", "known"),
    [
        pytest.param((), (), Provenance.UNKNOWN, id="nobody named any, and nothing was recognised"),
        pytest.param((), ("PERSON",), Provenance.UNKNOWN, id="a name is no row of a dataset"),
        pytest.param((), ("PERSON", "DATASET"), Provenance.DETECTED, id="rows were recognised"),
        pytest.param(("letters",), ("DATASET",), Provenance.DECLARED, id="what was named counts first"),
    ],
)
def test_provenance(datasets, types_found, known):
    assert provenance_of(datasets=datasets, types_found=types_found) == known
