import psycopg
import pytest

from harness.log_writers import Sequencer, empty_log


@pytest.fixture
def databases(server, committed_db):
    found = server.environment.databases(committed_db)
    empty_log(found)
    return found


@pytest.fixture
def sequencer(databases):
    made = Sequencer(databases.sequencer)
    yield made
    made.kill()


@pytest.fixture
def ask(databases):
    """Ask the database as its owner, who alone may look at everything."""
    with psycopg.connect(databases.owner, autocommit=True) as connection:
        yield lambda statement, *values: connection.execute(statement, values).fetchall()
