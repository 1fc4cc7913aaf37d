"""Every fault on every surface, in the long form: `./dev test -m long tests/gateway/test_fault_matrix.py` prints the matrix.

Each fault holds for our gateway and for one that leaks on purpose. Ours sends nothing that was not scanned; that every cell could have
told is shown by the leak, which has to be seen there.
"""

import pytest

import sending
from faulting.every import FAULTS
from faulting.matrix import Matrix, count_all, put
from faulting.of_gateways import KILLED_AT
from faulting.of_scanners import BROKEN_FAULTS, sound
from faulting.surfaces import SURFACES
from faulting.worlds import world_of
from harness.databases import connected_to

pytestmark = [pytest.mark.services, pytest.mark.long]
# Twenty calls at once: where the scanner works, it is given the time to.
PATIENT = {
    "GATEWAY_LOOPBACK_ALLOWED": "on",
    "SCAN_BASE_DEADLINE_S": "6",
    "GATEWAY_UPSTREAM_TIMEOUT_S": "3",
    "GATEWAY_LONGEST_WAIT_S": "10",
}
LEAST_FAULTS, LEAST_CELLS = 24, 120


def named(faults):
    return [pytest.param(fault, id=fault.name) for fault in faults]


@pytest.fixture(scope="module")
def matrix():
    return Matrix()


@pytest.fixture(scope="module")
def whole(start_remit, recording, django_db_setup, django_db_blocker):
    """A stack with everything of its own."""
    running = start_remit(only=("gateway", "interactive"), embedded=True, extra=PATIENT)
    with django_db_blocker.unblock(), sending.connected_to_stack(running), world_of(running, recording) as world:
        yield world
    running.stop()


@pytest.fixture(scope="module")
def without_worker(start_remit, recording, django_db_setup, django_db_blocker):
    running = start_remit(only=("gateway",), extra=PATIENT)
    with (
        django_db_blocker.unblock(),
        connected_to(running.database),
        world_of(running, recording, has_worker=False) as world,
    ):
        yield world
    running.stop()


def nothing_leaves(fault, world, matrix):
    cells = put(fault, world)
    matrix.add(cells)
    here = Matrix({fault.name: cells})
    assert here.faults() == []
    assert here.blind() == []


@pytest.mark.parametrize("fault", named(BROKEN_FAULTS))
def test_nothing_leaves_by_a_broken_worker(without_worker, matrix, fault):
    nothing_leaves(fault, without_worker, matrix)


def test_it_is_the_fault_alone_that_breaks_those_workers(without_worker):
    with sound(without_worker):
        assert without_worker.works()


@pytest.mark.parametrize("fault", named((*FAULTS, *KILLED_AT)))
def test_nothing_leaves(whole, matrix, fault):
    nothing_leaves(fault, whole, matrix)


def test_nothing_left_afterwards_either(whole, matrix, capsys):
    """What reached a provider long after its fault was over counts too."""
    with capsys.disabled():
        print("", *matrix.lines(), sep="\n")
    count_all(matrix.cells("ours"), whole)
    assert sum(cell.unscanned for cell in matrix.cells("ours")) == 0


def test_enough_is_tried():
    faults = {fault.name for fault in (*FAULTS, *BROKEN_FAULTS)}
    assert len(faults) >= LEAST_FAULTS
    assert len(faults) * len(SURFACES) >= LEAST_CELLS
