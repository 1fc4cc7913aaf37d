"""Destinations: written down, given terms, opened, suspended, retired."""

from datetime import timedelta

import pytest

import builders
import scope
from governance.core.actors import INSTALLER
from governance.core.errors import Conflict, Invalid, NotAllowed, NotFound
from governance.destinations import selectors, services
from governance.destinations.models import Destination
from governance.organisation.roles import Role
from governance.organisation.selectors import standing_of

pytestmark = pytest.mark.django_db
LATER = builders.AT + timedelta(hours=1)
FOLLOWED = []


def follow_terms_changed(*, destination_id, terms_id, by, at):
    FOLLOWED.append(("terms_changed", destination_id))


def follow_suspended(*, destination_id, by, at):
    FOLLOWED.append(("suspended", destination_id))


def follow_reopened(*, destination_id, by, at):
    FOLLOWED.append(("reopened", destination_id))


def fail_to_follow(*, destination_id, by, at):
    raise Conflict("cannot_follow", "A synthetic follower refuses.")


@pytest.fixture
def followed(settings):
    """What followed from what happened, in order."""
    FOLLOWED.clear()
    settings.CONSEQUENCES = {
        "destinations.terms_changed": [f"{__name__}.follow_terms_changed"],
        "destinations.suspended": [f"{__name__}.follow_suspended"],
        "destinations.reopened": [f"{__name__}.follow_reopened"],
    }
    return FOLLOWED


@pytest.fixture
def policy_admin(group):
    return builders.actor_with(Role.POLICY_ADMIN, group)


@pytest.fixture
def analyst(group):
    return builders.actor_with(Role.SECURITY_ANALYST, group)


def test_a_destination_starts_closed(policy_admin, at, recorded):
    provider = services.add_provider(name="Quill Example", by=policy_admin, at=at)
    made = services.propose_destination(
        provider_id=provider.pk,
        ref="quill-eu",
        title="Quill EU",
        model_names=["quill-large", "quill-large", "quill-small"],
        dialect="openai",
        base_url="https://api.quill.example/v1/",
        region="EU",
        hosting="public_api",
        by=policy_admin,
        at=at,
    )
    assert (made.state, made.base_url) == ("proposed", "https://api.quill.example/v1")
    assert made.model_names == ["quill-large", "quill-small"]
    assert recorded.kinds(made.pk) == ["destinations.destination_proposed"]


def test_a_policy_admin_of_one_unit_writes_for_no_other(claims, at):
    local = builders.actor_with(Role.POLICY_ADMIN, claims)
    with pytest.raises(NotAllowed):
        services.add_provider(name="Quill Example", by=local, at=at)


def test_a_provider_is_named_once(policy_admin, at):
    services.add_provider(name="Quill Example", by=policy_admin, at=at)
    with pytest.raises(Conflict, match="name_taken"):
        services.add_provider(name=" Quill Example ", by=policy_admin, at=at)


def test_a_reference_is_taken_once(group):
    scope.destination(ref="quill-eu")
    with pytest.raises(Conflict, match="ref_taken"):
        scope.destination(ref="quill-eu")


def test_an_address_that_leaks_is_refused(group):
    with pytest.raises(Invalid, match="not_https"):
        scope.destination(base_url="http://api.quill.example")
    assert not Destination.objects.exists()


def test_outside_the_demo_this_machine_is_no_destination(group, settings):
    settings.DEMO = False
    with pytest.raises(Invalid, match="loopback"):
        scope.destination(base_url="http://127.0.0.1:9000/v1")
    with pytest.raises(Invalid, match="demo_only"):
        scope.destination(stand_in=True)


def test_it_opens_only_once_its_terms_are_known(policy_admin, at):
    bare = scope.destination(opened=False, at=LATER)
    with pytest.raises(Conflict, match="no_terms"):
        services.open_destination(destination_id=bare.pk, by=policy_admin, at=at)
    assert services.open_destination(destination_id=bare.pk, by=policy_admin, at=LATER).state == "open"


def test_terms_are_versions_and_the_newest_in_force_holds(group, at):
    made = scope.destination()
    second = scope.set_terms(made, retention_days=0, at=LATER)
    assert second.version == 2
    assert selectors.terms_in_force(made.pk, at=at).version == 1
    assert selectors.terms_in_force(made.pk, at=LATER).version == 2


def test_the_same_promise_has_the_same_digest_and_is_no_new_version(group):
    made, other = scope.destination(), scope.destination()
    with pytest.raises(Conflict, match="terms_unchanged"):
        scope.set_terms(made)
    back_again = [scope.set_terms(made, retention_days=0), scope.set_terms(made)]
    digests = list(made.terms.order_by("version").values_list("digest", flat=True))
    assert digests[0] == digests[2] != digests[1]
    assert [terms.version for terms in back_again] == [2, 3]
    assert other.terms.get().digest != digests[0]


def test_terms_never_clear_a_destination_beyond_what_it_may_carry(group):
    with pytest.raises(Invalid, match="trains_on_inputs"):
        scope.destination(terms={"trains_on_inputs": True})


def test_the_first_terms_change_nothing_and_the_second_are_followed(group, followed):
    made = scope.destination()
    assert followed == []
    scope.set_terms(made, retention_days=0)
    assert followed == [("terms_changed", made.pk)]


def test_a_suspension_says_why_and_is_followed(analyst, policy_admin, followed, at):
    made = scope.destination()
    closed = services.suspend_destination(destination_id=made.pk, reason="Breach reported", by=analyst, at=at)
    assert (closed.state, closed.state_reason) == ("suspended", "Breach reported")
    opened = services.open_destination(destination_id=made.pk, by=policy_admin, at=at)
    assert (opened.state, opened.state_reason) == ("open", "")
    assert followed == [("suspended", made.pk), ("reopened", made.pk)]


def test_a_suspension_without_a_reason_is_refused(analyst, at):
    made = scope.destination()
    with pytest.raises(Invalid, match="no_reason"):
        services.suspend_destination(destination_id=made.pk, reason=" ", by=analyst, at=at)


def test_a_follower_that_fails_undoes_the_cause(analyst, settings, at):
    made = scope.destination()
    settings.CONSEQUENCES = {"destinations.suspended": [f"{__name__}.fail_to_follow"]}
    with pytest.raises(Conflict, match="cannot_follow"):
        services.suspend_destination(destination_id=made.pk, reason="Breach reported", by=analyst, at=at)
    made.refresh_from_db()
    assert made.state == "open"


def test_a_requester_suspends_nothing(owner, at):
    made = scope.destination()
    with pytest.raises(NotAllowed, match="not_permitted"):
        services.suspend_destination(destination_id=made.pk, reason="I would rather not", by=owner, at=at)


def test_a_retired_destination_stays_closed(policy_admin, at):
    made = scope.destination()
    services.retire_destination(destination_id=made.pk, reason="Contract ended", by=policy_admin, at=at)
    with pytest.raises(Conflict, match="wrong_state"):
        services.open_destination(destination_id=made.pk, by=policy_admin, at=at)


def test_models_change_under_a_name_and_places_do_not(policy_admin, at):
    made = scope.destination()
    change = {"destination_id": made.pk, "title": "Quill", "revision": made.revision, "by": policy_admin, "at": at}
    edited = services.edit_destination(model_names=["quill-2"], **change)
    assert (edited.title, edited.model_names, edited.base_url) == ("Quill", ["quill-2"], made.base_url)
    with pytest.raises(Conflict, match="stale_revision"):
        services.edit_destination(model_names=["quill-3"], **change)


@pytest.mark.parametrize(
    ("wish", "refs"),
    [
        pytest.param({}, ["cloud", "local", "quill"], id="all by title"),
        pytest.param({"hosting": "self_hosted"}, ["local"], id="by hosting"),
        pytest.param({"dialect": "anthropic"}, ["quill"], id="by dialect"),
        pytest.param({"state": "suspended"}, ["cloud"], id="by state"),
        pytest.param({"cleared_for": "restricted"}, ["local"], id="by what their terms clear them for"),
        pytest.param({"cleared_for": "confidential"}, ["cloud", "local"], id="or more"),
        pytest.param({"search": "quil"}, ["quill"], id="by a part of the name"),
        pytest.param({"page": 2, "size": 2}, ["quill"], id="page by page"),
    ],
)
def test_the_list_filters_and_pages(owner, at, wish, refs):
    scope.destination(ref="quill", title="Quill", dialect="anthropic", cleared_for="internal")
    scope.destination(
        ref="local", title="Local", hosting="self_hosted", cidrs=["10.9.0.0/16"], cleared_for="restricted"
    )
    closed = scope.destination(ref="cloud", title="Cloud", hosting="tenant_cloud")
    services.suspend_destination(destination_id=closed.pk, reason="Test", by=INSTALLER, at=at)
    page = selectors.destinations(standing=standing_of(owner.person), at=LATER, **wish)
    assert [row.ref for row in page.rows] == refs


def test_only_open_destinations_with_terms_can_be_chosen(group, at):
    chosen = scope.destination()
    scope.destination(opened=False)
    assert [row.id for row in selectors.open_destinations(at=at)] == [chosen.pk]


def test_a_page_shows_every_version_and_what_the_reader_may_do(analyst, at):
    made = scope.destination()
    scope.set_terms(made, retention_days=0)
    page = selectors.destination(made.ref, standing=standing_of(analyst.person), at=at)
    assert [terms.version for terms in page.terms] == [2, 1]
    assert (bool(page.may_suspend), bool(page.may_edit), bool(page.may_set_key)) == (True, False, False)


def test_an_unknown_destination_is_not_found(owner, at):
    with pytest.raises(NotFound, match="no_such_destination"):
        selectors.destination("nothing", standing=standing_of(owner.person), at=at)


def test_a_list_takes_three_queries_however_long(owner, at, django_assert_num_queries):
    for _ in range(6):
        scope.destination()
    standing = standing_of(owner.person)
    with django_assert_num_queries(3):
        selectors.destinations(standing=standing, at=at)
