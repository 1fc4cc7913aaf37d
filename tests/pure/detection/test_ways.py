"""Ways to replace a value: what is still told of it, what comes back in an answer, and what never does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.core.errors import Invalid
from governance.detection.default_policy import DEFAULT_POLICY
from governance.detection.document import Document
from governance.detection.pii import checks
from governance.detection.pii.national import FORMS
from governance.detection.policy import Facts, Policy, decide_findings
from governance.detection.redact import begun, redact, restore
from governance.detection.spans import Finding, normalised
from governance.detection.stand_ins import MARKED, NATIONAL, is_nobodys, stand_in
from governance.detection.ways import Way

KEY, OTHER = b"the key of one initiative", b"the key of another one"
# Of each type a value that passes its check. All synthetic.
VALUES = {
    "CREDIT_CARD": ("4111 1111 1111 1111", "5555-5555-5555-4444", "378282246310005"),
    "IBAN_CODE": ("DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "fr1420041010050500013m02606"),
    "PHONE_NUMBER": ("+49 30 901820", "(415) 555-2671", "0044 20 7946 0018", "030/901820-17"),
    "EMAIL_ADDRESS": ("jane.roe@example.com", "Ölaf@example.de"),
    "US_SSN": ("078-05-1120", "219 65 4320"),
    "UK_NHS": ("943 476 5919",),
    "CA_SIN": ("046 454 286",),
    "PL_PESEL": ("44051401359",),
    "FR_NIR": ("2 55 08 14 168 025 38",),
    "NL_BSN": ("111222333",),
    "BR_CPF": ("529.982.247-25",),
    "CH_AHV": ("756.9217.0769.85",),
    "NO_FNR": ("01010750160",),
    "CZ_BIRTH_NUMBER": ("736028/5163",),
    "DK_CPR": ("010170-1234",),
}
PAIRS = [(kind, value) for kind, values in VALUES.items() for value in values]


def finding(value, kind, *, start=0, view="raw"):
    return Finding(kind, "test", "t", start, start + len(value), 0.9, f"{start:064x}", view=view)


def replaced(kind, value, way, *, key=KEY, **more):
    found = finding(value, kind, **more)
    return redact(Document.of({"t": value}), [found], key=key, ways={found: way})


def text_of(redacted):
    return redacted.document.segments[0].text


@pytest.mark.parametrize(("kind", "value"), PAIRS)
def test_a_stand_in_is_made_and_is_another_value_of_the_same_form(kind, value):
    made = stand_in(kind, value, key=KEY)
    assert made is not None
    assert normalised(made) != normalised(value)
    if kind != "EMAIL_ADDRESS":
        shape = [("9" if sign.isdigit() else "a" if sign.isalpha() else sign) for sign in value]
        assert [("9" if sign.isdigit() else "a" if sign.isalpha() else sign) for sign in made] == shape


CHECKS = {
    "CREDIT_CARD": checks.luhn,
    "CA_SIN": checks.luhn,
    "IBAN_CODE": lambda bare: int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1,
    **{form.type: form.check for form in FORMS if form.type in NATIONAL and form.check},
}
MARKS = {
    "CREDIT_CARD": "9999",
    "IBAN_CODE": "ZZ",
    "US_SSN": "9",
    "UK_NHS": "999",
    "CA_SIN": "0",
    "CH_AHV": "756",
}


@given(st.sampled_from([pair for pair in PAIRS if pair[0] in CHECKS]), st.binary(min_size=16, max_size=32))
def test_a_stand_in_passes_its_types_check_and_carries_its_mark_under_any_key(pair, key):
    kind, value = pair
    bare = "".join(filter(str.isalnum, stand_in(kind, value, key=key))).upper()
    assert CHECKS[kind](bare)
    assert bare.startswith(MARKS.get(kind, ""))


@given(st.sampled_from(PAIRS), st.binary(min_size=16, max_size=32))
def test_a_marked_stand_in_is_told_from_every_value_that_somebody_has(pair, key):
    kind, value = pair
    # The number of this type that is known for being nobody's begins as its stand-ins do.
    assert is_nobodys(kind, value) is (kind == "CA_SIN")
    assert is_nobodys(kind, stand_in(kind, value, key=key)) is (kind in MARKED)


def test_every_national_type_with_a_stand_in_is_one_the_scanner_knows():
    assert {form.type for form in FORMS} >= NATIONAL


@pytest.mark.parametrize("way", [Way.HASH, Way.STAND_IN, Way.PLACEHOLDER])
def test_equal_values_look_equal_inside_one_initiative_and_nowhere_else(way):
    one, again = (text_of(replaced("CREDIT_CARD", "4111 1111 1111 1111", way)) for _ in range(2))
    assert one == again != text_of(replaced("CREDIT_CARD", "4111 1111 1111 1111", way, key=OTHER))


@pytest.mark.parametrize(
    ("kind", "value", "mask"),
    [
        ("CREDIT_CARD", "4111 1111 1111 1234", "**** **** **** 1234"),
        ("IBAN_CODE", "DE89 3704 0044 0532 0130 00", "**** **** **** **** **30 00"),
        ("PHONE_NUMBER", "+49 30 901820", "+** ** **1820"),
        pytest.param("PHONE_NUMBER", "555-2671", "****", id="too short to keep four of"),
        pytest.param("PERSON", "Maria Keller-Benz", "****", id="a name keeps nothing, not even its length"),
        pytest.param("CREDIT_CARD", "4111%201111%201111", "****", id="an encoding keeps nothing"),
        pytest.param("CREDIT_CARD", "４１１１１１１１１１１１１２３４", "****", id="digits of another script"),
    ],
)
def test_a_mask_keeps_the_last_four_where_the_type_allows(kind, value, mask):
    assert text_of(replaced(kind, value, Way.MASK)) == mask


@pytest.mark.parametrize("view", ["decoded", "joined", "folded"])
@pytest.mark.parametrize(("way", "begins"), [(Way.MASK, "****"), (Way.STAND_IN, "<CREDIT_CARD_")])
def test_what_was_found_inside_an_encoding_shows_nothing_of_itself(view, way, begins):
    assert text_of(replaced("CREDIT_CARD", "NDExMTExMTExMTExMTExMQ", way, view=view)).startswith(begins)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param("PERSON", "Maria Keller", id="a type without stand-ins"),
        pytest.param("CREDIT_CARD", "4111 1111 1111 1112", id="a number that fails its check"),
        pytest.param("EMAIL_ADDRESS", "jane roe at example", id="not written as its type is"),
        pytest.param("PHONE_NUMBER", "555-2671", id="too few digits to draw from"),
        pytest.param("CN_RESIDENT_ID", "11010519491231002X", id="a check that hardly any draw meets"),
    ],
)
def test_where_no_stand_in_can_be_made_a_placeholder_stands(kind, value):
    made = replaced(kind, value, Way.STAND_IN)
    assert text_of(made).startswith(f"<{kind}_")
    assert set(made.ways.values()) == {Way.PLACEHOLDER}


@pytest.mark.parametrize(
    ("way", "comes_back"), [(Way.PLACEHOLDER, True), (Way.STAND_IN, True), (Way.MASK, False), (Way.HASH, False)]
)
def test_an_answer_gets_back_what_stood_for_a_value_and_nothing_of_masks_and_hashes(way, comes_back):
    value = "4111 1111 1111 1111"
    made = replaced("CREDIT_CARD", value, way)
    answer = f"You wrote {text_of(made)}."
    assert restore(answer, made.originals) == (f"You wrote {value}." if comes_back else answer)


def test_a_stand_in_that_the_model_spells_otherwise_is_not_put_back():
    made = replaced("CREDIT_CARD", "4111 1111 1111 1111", Way.STAND_IN)
    for answer in (text_of(made).replace(" ", ""), text_of(made) + "0", "1" + text_of(made)):
        assert restore(answer, made.originals) == answer


def test_the_beginning_of_a_stand_in_at_the_end_of_a_text_waits():
    made = replaced("CREDIT_CARD", "4111 1111 1111 1111", Way.STAND_IN)
    assert begun(f"It is {text_of(made)[:7]}", made.originals) == len("It is ")
    assert begun(f"It is {text_of(made)}", made.originals) is None


def test_where_two_findings_overlap_the_way_that_tells_less_is_taken():
    text = "4111 1111 1111 1111"
    card, other = finding(text, "CREDIT_CARD"), finding(text, "ACCOUNT")
    made = redact(Document.of({"t": text}), [card, other], key=KEY, ways={card: Way.MASK, other: Way.HASH})
    assert len(text_of(made)) == 16
    assert made.ways == {card: Way.HASH, other: Way.HASH}


@given(
    st.sampled_from(list(Way)),
    st.lists(st.sampled_from([*PAIRS, ("PERSON", "Maria Keller")]), min_size=1, max_size=6),
)
def test_no_value_is_left_in_what_goes_out(way, pairs):
    text, found = "", []
    for kind, value in pairs:
        found.append(finding(value, kind, start=len(text)))
        text += value + "; "
    made = redact(Document.of({"t": text}), found, key=KEY, ways=dict.fromkeys(found, way))
    assert not any(normalised(value) in normalised(text_of(made)) for _, value in pairs)


def test_a_thousand_people_take_a_mask_or_a_stand_in_each_without_a_clash():
    cards = [f"4{number:014}" for number in range(1000)]
    proper = [card + next(d for d in "0123456789" if checks.luhn(card + d)) for card in cards]
    assert len({stand_in("CREDIT_CARD", card, key=KEY) for card in proper}) == len(proper)


RULE = {"code": "card", "types": ["CREDIT_CARD"], "action": "redact", "sentence": "A card."}


def policy(*rules):
    return Policy.of({"version": 1, "rules": list(rules), "otherwise": "redact"})


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"way": "shred"}, id="a way nobody knows"),
        pytest.param({"way": ["mask"]}, id="no word"),
        pytest.param({"way": "mask", "action": "block"}, id="a way for what is not replaced"),
    ],
)
def test_a_rule_with_a_way_that_means_nothing_is_refused(wrong):
    with pytest.raises(Invalid) as refused:
        policy({**RULE, **wrong})
    assert refused.value.code == "policy_way"


def test_of_the_rules_a_finding_meets_the_way_that_tells_least_counts():
    masked, hashed = {**RULE, "way": "mask"}, {**RULE, "code": "any", "types": ["*"], "way": "hash"}
    card = finding("4111111111111111", "CREDIT_CARD")
    facts = Facts("internal", "public_api")
    for rules in ((masked, hashed), (hashed, masked)):
        assert decide_findings([card], policy=policy(*rules), facts=facts).ways == {card: Way.HASH}
        assert policy(*rules).ways_of([card]) == {card: Way.HASH}
    assert decide_findings([card], policy=policy(masked), facts=facts).ways == {card: Way.MASK}


@pytest.mark.parametrize(
    ("demand", "by_rule", "way"),
    [
        (Way.HASH, "stand_in", Way.HASH),
        (Way.PLACEHOLDER, "mask", Way.PLACEHOLDER),
        (Way.STAND_IN, "mask", Way.STAND_IN),
        (Way.STAND_IN, "hash", Way.HASH),
        (None, "mask", Way.MASK),
    ],
)
def test_of_the_rules_and_a_grant_the_way_that_tells_least_counts(demand, by_rule, way):
    card, made = finding("4111111111111111", "CREDIT_CARD"), policy({**RULE, "way": by_rule})
    facts = Facts("internal", "public_api", way=demand)
    assert decide_findings([card], policy=made, facts=facts).ways == {card: way}
    assert made.ways_of([card], demand=demand) == {card: way}


def test_a_type_without_stand_ins_is_said_to_get_a_placeholder():
    person, rule = finding("Maria Keller", "PERSON"), {**RULE, "types": ["PERSON", "CREDIT_CARD"], "way": "stand_in"}
    assert policy(rule).ways_of([person]) == {person: Way.PLACEHOLDER}


def test_where_no_rule_says_how_a_placeholder_stands():
    card = finding("4111111111111111", "CREDIT_CARD")
    assert decide_findings([card], policy=DEFAULT_POLICY, facts=Facts("internal", "public_api")).ways == {
        card: Way.PLACEHOLDER
    }
    assert DEFAULT_POLICY.ways_of([card]) == {card: Way.PLACEHOLDER}
