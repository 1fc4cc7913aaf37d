"""Every list opens, filters, sorts, teaches when it is empty, and asks the same number of questions however long it is."""

from datetime import timedelta

import pytest

import builders
from governance.catalogue import services as catalogue
from governance.core.clock import now
from governance.destinations import services as destinations
from governance.initiatives import services as initiatives
from governance.organisation.roles import Role
from governance.organisation.services import make_key
from governance.web.frame.naming import MOST
from governance.web.proving.audit import APART, PAGES, actor_said, subject_link

pytestmark = pytest.mark.django_db
MOST_QUERIES = 16  # session, person and standing are three of them


@pytest.fixture
def rows(group):
    """Return a function that makes `count` rows of everything that is listed."""
    steward, admin = builders.actor_with(Role.DATA_STEWARD), builders.actor_with(Role.POLICY_ADMIN)
    lead = builders.actor_with(Role.REQUESTER)
    at = builders.AT

    def make(count):
        provider = destinations.add_provider(name=f"Provider {count}", by=admin, at=at)
        for number in range(count):
            catalogue.add_dataset(
                title=f"Letters {number}", ref=f"letters-{count}-{number}", steward_unit_id=group.pk,
                classification="confidential", personal_data=["names"], by=steward, at=at,
            )  # fmt: skip
            destinations.propose_destination(
                provider_id=provider.pk, ref=f"place-{count}-{number}", title=f"Place {number}", model_names=["large"],
                dialect="openai", base_url="https://models.example.com/v1", region="EU", hosting="public_api", by=admin, at=at,
            )  # fmt: skip
            initiatives.propose_initiative(
                title=f"Assistant {number}", purpose_text="Drafts letters.", unit_id=group.pk, by=lead, at=at
            )

    return make


LISTS = [
    pytest.param("/datasets/", Role.REQUESTER, id="datasets"),
    pytest.param("/destinations/", Role.REQUESTER, id="destinations"),
    pytest.param("/initiatives/", Role.REQUESTER, id="initiatives"),
    pytest.param("/exchanges/", Role.BUILDER, id="exchanges"),
    pytest.param("/training-sets/", Role.BUILDER, id="training sets"),
    pytest.param("/people/", Role.PLATFORM_ADMIN, id="people"),
    pytest.param("/keys/", Role.BUILDER, id="keys"),
    pytest.param("/audit/", Role.AUDITOR, id="audit"),
    pytest.param("/notices/", Role.REQUESTER, id="notices"),
    pytest.param("/webhooks/", Role.UNIT_HEAD, id="webhooks"),
]


@pytest.mark.parametrize(("url", "role"), LISTS)
def test_a_list_opens_and_its_questions_do_not_grow(url, role, signed_in, rows, django_assert_max_num_queries):
    reader = signed_in(role)
    for count in (1, 60):
        rows(count)
        with django_assert_max_num_queries(MOST_QUERIES):
            assert reader.get(url).status_code == 200


@pytest.mark.parametrize(("url", "role"), LISTS)
def test_htmx_gets_the_rows_alone(url, role, signed_in):
    part = signed_in(role).get(url, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.text
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize(("url", "role"), LISTS)
def test_an_address_full_of_nonsense_still_opens(url, role, signed_in):
    nonsense = "?page=²&sort=;drop&q=%00%27%22&state=x&since=yesterday&kind=nothing&page=999999999999"
    assert signed_in(role).get(url + nonsense).status_code == 200


@pytest.mark.parametrize(
    ("url", "shown", "gone"),
    [
        pytest.param("/datasets/?q=letters+1", "Letters 1", "Letters 2", id="datasets by a word"),
        pytest.param(
            "/datasets/?classification=public", "Nothing matches", "Letters 1", id="datasets by classification"
        ),
        pytest.param("/destinations/?q=place+2", "Place 2", "Place 1", id="destinations by a word"),
        pytest.param("/destinations/?state=open", "Nothing matches", "Place 1", id="destinations by state"),
        pytest.param("/initiatives/?q=assistant+2", "Assistant 2", "Assistant 1", id="initiatives by a word"),
        pytest.param("/initiatives/?whose=mine", "Nothing matches", "Assistant 1", id="initiatives of mine"),
    ],
)
def test_a_filter_keeps_what_matches(url, shown, gone, signed_in, rows):
    rows(3)
    text = signed_in(Role.REQUESTER).get(url).text
    assert shown in text
    assert gone not in text


def test_a_sort_turns_the_order_round(signed_in, rows):
    rows(3)
    text = signed_in(Role.REQUESTER).get("/datasets/?sort=-title").text
    assert text.index("Letters 2") < text.index("Letters 0")


def test_a_list_without_rows_teaches(signed_in):
    assert "An initiative is one undertaking" in signed_in(Role.REQUESTER).get("/initiatives/").text


def test_people_of_another_unit_are_not_listed(signed_in, claims, retail):
    builders.person(Role.REQUESTER, retail, name="Rita Retail")
    builders.person(Role.REQUESTER, claims, name="Clara Claims")
    text = signed_in(Role.UNIT_HEAD, where=claims).get("/people/").text
    assert "Clara Claims" in text
    assert "Rita Retail" not in text


def test_a_person_of_another_unit_is_not_there(signed_in, claims, retail):
    stranger = builders.person(Role.REQUESTER, retail)
    assert signed_in(Role.UNIT_HEAD, where=claims).get(f"/people/{stranger.pk}/").status_code == 404


def test_a_key_that_nobody_used_is_said_to_be_unused(enter):
    maker = builders.person(Role.BUILDER)
    make_key(
        title="Synthetic", scope="api:read", expires_at=now() + timedelta(days=9), by=builders.actor(maker), at=now()
    )
    assert 'data-label="Last used">never<' in enter(maker).get("/keys/").text


@pytest.mark.parametrize("kind", sorted({*PAGES, *APART}))
def test_each_kind_the_log_links_has_a_page_and_only_readers_of_it_get_the_link(kind):
    subject = f"{kind}:01a217d8-5528-703b-9653-4305b29b55f2"
    assert subject_link(subject, {}, {kind})[1].startswith("/")
    assert subject_link(subject, {}, set()) == (f"{kind.replace('_', ' ')} …b29b55f2", "")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        pytest.param("process:sign_in", "Remit: sign in", id="a process of ours"),
        pytest.param("key:rk_synthetic", "key:rk_synthetic", id="a key that nobody knows any more"),
    ],
)
def test_whoever_acted_is_named(named, said):
    assert actor_said(named) == said


def test_what_has_a_name_is_offered_and_nothing_the_reader_may_not_see(signed_in):
    claims, retail = builders.unit("Claims"), builders.unit("Retail")
    seen, unseen = (
        initiatives.propose_initiative(
            title=f"Letters of {unit.name}",
            purpose_text="Drafts letters.",
            unit_id=unit.pk,
            by=builders.actor_with(Role.REQUESTER, unit),
            at=builders.AT,
        )
        for unit in (claims, retail)
    )
    offered = signed_in(Role.BUILDER, where=claims).get("/names/initiatives").text
    assert offered == f'<option value="{seen.code}">Letters of Claims</option>'
    assert unseen.code not in offered


@pytest.mark.parametrize("kind", ["initiatives", "destinations", "datasets", "units"])
def test_names_are_asked_for_in_one_question_and_are_not_endless(kind, signed_in, rows, django_assert_max_num_queries):
    reader = signed_in(Role.REQUESTER)
    rows(60)
    reader.get(f"/names/{kind}")  # notes that they are here
    with django_assert_max_num_queries(4):
        offered = reader.get(f"/names/{kind}").text
    assert 0 < offered.count("<option") <= MOST


def test_nothing_else_has_names(signed_in, client):
    assert signed_in(Role.REQUESTER).get("/names/people").status_code == 404
    assert client.get("/names/units").status_code == 303
