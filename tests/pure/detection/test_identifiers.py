"""Identity numbers of many countries: by checksum and form, by a word near them, or alone in a cell. All are made up or public examples."""

import pytest

from governance.detection.detector import Budget
from governance.detection.pii import checks
from governance.detection.pii.patterns import Patterns
from governance.detection.places import models_folder


@pytest.fixture(scope="module")
def patterns():
    return Patterns(threshold=0.4, kept_in=models_folder())


def types_in(patterns, text):
    return {(span.type, text[span.start : span.end]) for span in patterns.find([text], Budget.of(30))[0]}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        pytest.param("NIR 1 85 05 78 006 084 91", "FR_NIR", "1 85 05 78 006 084 91", id="French social security"),
        pytest.param("CPF do cliente: 529.982.247-25", "BR_CPF", "529.982.247-25", id="Brazilian taxpayer"),
        pytest.param("RUT 12.345.678-5 informado", "CL_RUT", "12.345.678-5", id="Chilean"),
        pytest.param("CUIT 20-12345678-6", "AR_CUIT", "20-12345678-6", id="Argentine"),
        pytest.param("AHV-Nr. 756.9217.0769.85", "CH_AHV", "756.9217.0769.85", id="Swiss insurance"),
        pytest.param("BSN van de klant: 111222333", "NL_BSN", "111222333", id="Dutch, with its word"),
        pytest.param("fødselsnummer 01010750160", "NO_FNR", "01010750160", id="Norwegian"),
        pytest.param("身份证 11010519491231002X", "CN_RESIDENT_ID", "11010519491231002X", id="Chinese"),
        pytest.param("HKID: A123456(3)", "HK_ID", "A123456(3)", id="Hong Kong"),
        pytest.param("VIN 1M8GDM9AXKP042788 was sold", "VEHICLE_VIN", "1M8GDM9AXKP042788", id="vehicle"),
        pytest.param("my card 4716 9876 2234 1561", "CREDIT_CARD", "4716 9876 2234 1561", id="a card mistyped"),
        pytest.param("IBAN: GB29NWBK60161331926810", "IBAN_CODE", "GB29NWBK60161331926810", id="an IBAN mistyped"),
        pytest.param("IMEI 868932036356090", "DEVICE_IMEI", "868932036356090", id="telephone device"),
        pytest.param("licence plate: WX12 ABC", "VEHICLE_PLATE", "WX12", id="a plate by its label"),
        pytest.param("M123A4567", "KR_PASSPORT", "M123A4567", id="a passport number alone in a cell"),
        pytest.param('{"passportNumber": "X1234567"}', "US_PASSPORT", "X1234567", id="a passport by its key"),
        pytest.param("account_number=12345678", "US_BANK_NUMBER", "12345678", id="an account by its key"),
        pytest.param("51824753556", "AU_ABN", "51824753556", id="two check digits, alone in a cell"),
        pytest.param("911701234", "US_ITIN", "911701234", id="a form as telling as a check digit, alone in a cell"),
        pytest.param("W1A 1HQ", "UK_POSTCODE", "W1A 1HQ", id="a postcode with one digit twice"),
        pytest.param("53125226D 201434292D", "SG_UEN", "201434292D", id="a cell of two numbers"),
        pytest.param(
            "00000000000 and 01333550323", "IT_VAT_CODE", "01333550323", id="beside a cell that was filled with naughts"
        ),
        pytest.param("my tax id 911-88-1234", "TAX_ID", "911-88-1234", id="an American tax number by its label"),
        pytest.param("212-555-0183", "PHONE_NUMBER", "212-555-0183", id="an American telephone without a word"),
        pytest.param("call 917-123-4567", "PHONE_NUMBER", "917-123-4567", id="a telephone made up, with its word"),
        pytest.param("여권번호는 M789C1234입니다", "KR_PASSPORT", "M789C1234", id="a word with a particle behind it"),
    ],
)
def test_numbers_of_people_are_found(patterns, text, kind, value):
    assert any(found == kind and value in whole for found, whole in types_in(patterns, text)), types_in(patterns, text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("51 824 753 5564", id="a piece of a longer number, which may be a telephone"),
        pytest.param("we shipped 111222333 rows", id="digits that pass somebody's check, without a word"),
        pytest.param("CPF do cliente: 529.982.247-26", id="a wrong check digit"),
        pytest.param("build 20190123456789012a", id="digits glued to letters"),
        pytest.param("Consignee: Global Logistics Inc.", id="a company where a person could stand"),
        pytest.param("M123 A4567", id="a part that would pass for a number, beside another"),
        pytest.param("09491234567", id="a birth in the century after the next"),
        pytest.param("990229-4321191", id="a birth on a day that does not exist"),
        pytest.param("2123258701", id="a provider's number that was never issued"),
        pytest.param("W8063915Q", id="a letter that no number of its country begins with"),
        pytest.param("see chart 2019 and id_token_12345: abc", id="words that only begin like a label"),
        pytest.param("not a TIN 123456789", id="what is said to be none"),
        pytest.param("TIN 000-123-457-000", id="a number that was never issued"),
        pytest.param("02345678901", id="a business number that begins below its least check digits"),
        pytest.param("sha AB1234567C89 in release notes", id="a code in prose"),
    ],
)
def test_other_numbers_are_left_alone(patterns, text):
    assert {kind for kind, _ in types_in(patterns, text)} <= {"PHONE_NUMBER"}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("part 917-123-4567", id="an exchange that begins with 1, grouped like an American telephone"),
        pytest.param("lots 412 345 67, 8 in all", id="a number without the 0 it would begin with at home"),
    ],
)
def test_numbers_that_no_country_writes_so_are_no_telephones(patterns, text):
    assert not types_in(patterns, text)


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        pytest.param(checks.fr_nir, "185057800608491", "185057800608492", id="France"),
        pytest.param(checks.be_rrn, "85073003328", "85073003329", id="Belgium"),
        pytest.param(checks.br_cpf, "52998224725", "52998224724", id="Brazil, people"),
        pytest.param(checks.br_cnpj, "11222333000181", "11222333000180", id="Brazil, firms"),
        pytest.param(checks.ch_ahv, "7569217076985", "7569217076984", id="Switzerland"),
        pytest.param(checks.pt_nif, "123456789", "123456788", id="Portugal"),
        pytest.param(checks.cz_rc, "7103192745", "7103192746", id="Czechia"),
        pytest.param(checks.tw_id, "A123456789", "A123456788", id="Taiwan"),
        pytest.param(checks.cl_rut, "123456785", "123456784", id="Chile"),
        pytest.param(checks.mx_curp, "HEGG560427MVZRRL04", "HEGG560427MVZRRL05", id="Mexico"),
        pytest.param(checks.vin, "1M8GDM9AXKP042788", "1M8GDM9A1KP042788", id="vehicles"),
        pytest.param(checks.pl_pesel, "44051401359", "44413101359", id="Poland, the day of birth"),
        pytest.param(checks.kr_birth, "0002294321191", "9902294321191", id="Korea, the day of birth"),
        pytest.param(checks.us_itin, "911881234", "911891234", id="American taxpayers without insurance"),
        pytest.param(checks.au_abn, "51824753556", "10000000145", id="Australian firms, the least check digits"),
        pytest.param(checks.ie_pps, "1234567FA", "1234567GA", id="Ireland"),
    ],
)
def test_check_digits(check, right, wrong):
    assert check(right)
    assert not check(wrong)
