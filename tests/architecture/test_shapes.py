"""What has one name and one form: a shape of the REST area, for the OpenAPI document knows shapes by their names alone, and a share."""

from tests.architecture import guards


def test_a_share_is_said_in_one_way():
    assert not guards.shares_said_otherwise()


def test_no_two_shapes_go_by_one_name():
    assert not guards.names_of_two_shapes()
