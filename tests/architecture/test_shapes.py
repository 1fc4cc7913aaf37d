"""A shape of the REST area has a name of its own: the OpenAPI document knows shapes by their names alone."""

from tests.architecture import guards


def test_no_two_shapes_go_by_one_name():
    assert not guards.names_of_two_shapes()
