"""Every fault on every surface, in the long form: `./dev test -m long tests/gateway/test_fault_matrix.py` prints the matrix.

Each fault holds for our gateway and for one that leaks on purpose. Ours sends nothing that was not scanned; that every cell could have
told is shown by the leak, which has to be seen there.
"""

from contextlib import contextmanager

import pytest

import sending
from faulting.every import FAULTS
from faulting.matrix import Matrix, count_all, put
from faulting.of_scanners import BROKEN_FAULTS, sound
from faulting.worlds import world_of
from harness.databases import connected_to

pytestmark = [pytest.mark.services, pytest.mark.long]
# Twenty calls at once: where the scanner works, it is given the time to.
PATIENT = {"GATEWAY_LOOPBACK_ALLOWED": "on", "SCAN_BASE_DEADLINE_S": "2.5", "GATEWAY_UPSTREAM_TIMEOUT_S": "3"}
LEAST_FAULTS, LEAST_CELLS = 24, 120


@contextmanager
def whole(start_remit, recording):
    running = start_remit(only=("gateway", "interactive"), embedded=True, extra=PATIENT)
    with sending.connected_to_stack(running), world_of(running, recording) as world:
        yield world
    running.stop()


@contextmanager
def without_worker(start_remit, recording):
    running = start_remit(only=("gateway",), extra=PATIENT)
    with connected_to(running.database), world_of(running, recording, has_worker=False) as world:
        yield world
    running.stop()


def test_nothing_leaves_unscanned(start_remit, recording, django_db_setup, django_db_blocker, capsys):
    matrix = Matrix()
    with django_db_blocker.unblock():
        for made, faults in ((whole, FAULTS), (without_worker, BROKEN_FAULTS)):
            with made(start_remit, recording) as world:
                for fault in faults:
                    matrix.add(put(fault, world))
                # What left long after its fault was over counts too.
                count_all([cell for fault in faults for cell in matrix.rows[fault.name]], world)
    with capsys.disabled():
        print("", *matrix.lines(), sep="\n")
    assert len(matrix.rows) >= LEAST_FAULTS
    assert len(matrix.cells("ours")) >= LEAST_CELLS
    assert matrix.faults() == []
    assert [cell for cell in matrix.cells("leaky") if not cell.unscanned] == []


def test_the_broken_workers_are_broken_by_their_faults_alone(
    start_remit, recording, django_db_setup, django_db_blocker
):
    with django_db_blocker.unblock(), without_worker(start_remit, recording) as world, sound(world):
        assert world.works()
