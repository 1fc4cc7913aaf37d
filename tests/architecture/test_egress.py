"""Few modules may talk to the outside; everything else reaches only the database and the broker."""

from tests.architecture import guards


def test_only_the_doors_import_an_http_client():
    assert not guards.http_clients()
