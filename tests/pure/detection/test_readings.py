"""What the words of a name make of what the model took it for. All names are invented or of public places."""

import pytest

from governance.detection.pii.readings import full_names, is_part_of_name, named_around, reread
from governance.detection.spans import Span


def said(text, value, kind):
    start = text.index(value)
    found = reread(text, Span(kind, start, start + len(value), 0.5))
    return found and (found.type, text[found.start : found.end])


@pytest.mark.parametrize(
    ("text", "value", "kind", "expected"),
    [
        pytest.param("the residents of Emilia Gonzalez", "Emilia", "LOCATION", ("PERSON", "Emilia Gonzalez"), id="a given and a family name"),
        pytest.param("a house in Virginia Beach", "Virginia Beach", "LOCATION", ("LOCATION", "Virginia Beach"), id="a place named after somebody"),
        pytest.param("paid by Jenkins-Davis today", "Davis", "PERSON", ("PERSON", "Jenkins-Davis"), id="half of a double name"),
        pytest.param("tell O'Hehir", "Hehir", "PERSON", ("PERSON", "O'Hehir"), id="behind an apostrophe"),
        pytest.param("York and Leeds", "and Leeds", "LOCATION", ("LOCATION", "Leeds"), id="a word too many"),
        pytest.param("from Stoke-on-Trent", "Stoke-on-Trent", "LOCATION", ("LOCATION", "Stoke-on-Trent"), id="a town with hyphens"),
        pytest.param("he is from Morris-Patel", "Morris-Patel", "LOCATION", None, id="two family names are no town"),
        pytest.param("this nice Russian place", "Russian", "LOCATION", None, id="a people"),
        pytest.param("The Davis, Reynolds and Murphy office", "Davis", "PERSON", None, id="partners of a firm"),
        pytest.param("she works at Gardner, Dennis and Stevens", "Dennis", "PERSON", None, id="partners, by what stands before"),
        pytest.param("from Leeds, York and Durham", "Leeds", "LOCATION", ("LOCATION", "Leeds"), id="a list of towns"),
        pytest.param("I met Anna, Bert and Clara", "Bert", "PERSON", ("PERSON", "Bert"), id="a list of people"),
        pytest.param("at Polzer & Walser KG", "Polzer", "LOCATION", None, id="the kind of company further behind"),
        pytest.param("at Nielsen ApS", "Nielsen", "LOCATION", None, id="a Danish company"),
        pytest.param("The Vuille office is at 4 Hill Road", "Vuille", "LOCATION", None, id="who has an office"),
        pytest.param("The office in Lyon is at 4 Hill Road", "Lyon", "LOCATION", ("LOCATION", "Lyon"), id="where an office is"),
        pytest.param("a year at Tabacu Ost as the assistant", "Tabacu", "LOCATION", None, id="where somebody is something"),
        pytest.param("a year at Malaga as tourists", "Malaga", "LOCATION", ("LOCATION", "Malaga"), id="where somebody only is"),
        pytest.param("Lopes is the brainchild of three founders", "Lopes", "PERSON", None, id="what was thought of"),
        pytest.param("Lopes is the child of three parents", "Lopes", "PERSON", ("PERSON", "Lopes"), id="who was born"),
        pytest.param("at Gomes Melo S.A. today", "Gomes Melo S.", "PERSON", None, id="the kind of company cut in two"),
        pytest.param("the company Moore, Gardner and Hughes", "Gardner", "PERSON", None, id="partners, called a company"),
        pytest.param("Procter & Gamble rose", "Gamble", "PERSON", None, id="two family names with a sign"),
        pytest.param("a pint of Ben & Jerry's", "Ben", "PERSON", None, id="whose shop it is"),
        pytest.param("dinner with Anna & Jerry", "Anna", "PERSON", ("PERSON", "Anna"), id="a couple"),
        pytest.param("the airline Lufthansa", "Lufthansa", "LOCATION", None, id="a brand"),
        pytest.param("is Alexa or Siri better", "Alexa", "PERSON", None, id="a given name beside a brand"),
        pytest.param("ask Alexa or Maria", "Alexa", "PERSON", ("PERSON", "Alexa"), id="a given name beside another"),
        pytest.param("run the Friedman test again", "Friedman", "PERSON", None, id="what is called after somebody"),
        pytest.param("the Friedman family", "Friedman", "PERSON", ("PERSON", "Friedman"), id="who is called so"),
        pytest.param("flowers to Willow House, 3 The Green", "Willow House", "PERSON", ("LOCATION", "Willow House"), id="a house with a name"),
        pytest.param("in room Amber at two", "Amber", "LOCATION", None, id="what a room is called"),
        pytest.param("fish of Trondheim Seafood", "Trondheim", "LOCATION", None, id="a trade behind a town"),
        pytest.param("sent it to Eun-ji Park now", "Eun-ji", "LOCATION", ("PERSON", "Eun-ji Park"), id="a Korean given name"),
        pytest.param("the Co-op Park", "Co-op Park", "LOCATION", ("LOCATION", "Co-op Park"), id="a word with a hyphen"),
        pytest.param("The office", "The", "LOCATION", None, id="no name at all"),
        pytest.param("9 Hill Road", "9 Hill Road", "LOCATION", ("LOCATION", "9 Hill Road"), id="an address is left as it is"),
    ],
)  # fmt: skip
def test_what_a_name_is(text, value, kind, expected):
    assert said(text, value, kind) == expected


@pytest.mark.parametrize(
    ("text", "value", "beside", "expected"),
    [
        pytest.param("Linh left, Brigitte stayed", "Brigitte", "", True, id="a given name where no place stands"),
        pytest.param("flew to Brigitte Bay", "Brigitte", "", False, id="behind a word for places"),
        pytest.param("the Sydney office", "Sydney", "", False, id="a town that people are called after"),
        pytest.param("Turin, Brigitte", "Brigitte", "", False, id="behind a name and a comma"),
        pytest.param("met Priti Shah", "Shah", "Priti", True, id="behind a person"),
        pytest.param("met Priti, Kenya", "Kenya", "Priti", False, id="a country"),
        pytest.param("the neighbour, Len Hargreaves", "Len", "Hargreaves", True, id="before a person"),
        pytest.param("met Priti Lo Quevri today", "Quevri", "Priti", True, id="behind a particle"),
        pytest.param("met Priti al-Quevri today", "al-Quevri", "Priti", True, id="with an Arabic article"),
        pytest.param("moved to La Quevri", "Quevri", "", False, id="a town with an article"),
    ],
)
def test_a_place_may_be_part_of_a_name(text, value, beside, expected):
    start = text.index(value)
    named = {text.index(beside), text.index(beside) + len(beside)} if beside else set()

    assert is_part_of_name(text, Span("LOCATION", start, start + len(value), 0.5), named) is expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("not by William Wilson.", ["William Wilson"], id="listed names"),
        pytest.param("boulevard Philippe Martin 771, Calle de Fernando Alonso", [], id="streets"),
        pytest.param("4 Bryan Wilson, York", [], id="a number before"),
        pytest.param("shipped from Sierra Leone", [], id="a country"),
        pytest.param("Grace Period and Default Value", [], id="words"),
        pytest.param("Willow House, Maple Court", [], id="a house"),
    ],
)
def test_full_names_are_known_by_the_lists(text, names):
    assert [text[span.start : span.end] for span in full_names(text)] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        pytest.param("William, could you call?", ["William"], id="who is asked"),
        pytest.param("Sure, could you call? Thanks, can you?", [], id="a word before a question"),
        pytest.param("william had given natasha his key", ["william", "natasha"], id="in small letters"),
        pytest.param("the board had given clients their money", [], id="words in small letters"),
        pytest.param("Unlike the van Smith novel (not by Emma)", ["Smith", "Emma"], id="of a book"),
        pytest.param("lena: done. marco: thx", ["lena", "marco"], id="who speaks in a chat"),
        pytest.param("max: 3\nrose: 4\nmark: five", [], id="keys that are names"),
        pytest.param("my landlord rose said no", ["rose"], id="somebody's somebody"),
        pytest.param("tell anna that it rains", ["anna"], id="who is told"),
        pytest.param("the best novel (not by Monday)", [], id="no name of a book"),
        pytest.param("but Olga just has to pay", ["Olga"], id="who has to"),
        pytest.param("but Docker just has to restart", [], id="what has to"),
        pytest.param("Please schedule Hannah for Monday", ["Hannah"], id="who is seen"),
        pytest.param("Please schedule May for the release", [], id="a month"),
        pytest.param(
            "prescribed by A. Valdez, **Receiver:** J. R. Morris", ["A. Valdez", "J. R. Morris"], id="initials"
        ),
        pytest.param("plan B. Young people, vitamin C. Long days", [], id="a letter that ends a sentence"),
        pytest.param("by E. Coli and S. Aureus", [], id="what biologists shorten"),
        pytest.param("9, rue de A. Morris 12", [], id="a street"),
    ],
)
def test_names_are_known_by_what_stands_around_them(text, names):
    assert sorted(text[span.start : span.end] for span in named_around(text)) == sorted(names)
