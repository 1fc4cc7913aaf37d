"""What Alder Mutual has of its own, made up from the first word to the last: code, a manual, people who wrote to Claims."""

PRICES = """\
from decimal import Decimal

from pricing.tariffs import hail_zone, storm_share


def household_premium(dwelling, tariff, *, claims_of_five_years):
    '''The premium of a year for what stands in a dwelling, before taxes.'''
    worth = min(dwelling.insured_sum, tariff.ceiling_of(dwelling.kind))
    basis = worth * tariff.rate_per_mille / Decimal(1000)
    loading = Decimal("1.00") + tariff.claims_step * len(claims_of_five_years)
    if dwelling.ground_floor and not dwelling.alarmed:
        loading += tariff.burglary_loading
    weather = storm_share(dwelling.postcode) + hail_zone(dwelling.postcode) * tariff.hail_loading
    return round_to_five_cents(basis * loading + weather, smallest=tariff.smallest_premium)


def round_to_five_cents(amount, *, smallest):
    '''Prices end in 0 or 5 cents, and nobody pays less than the smallest premium.'''
    steps = (max(amount, smallest) * 20).to_integral_value()
    return Decimal(steps) / 20
"""
TARIFFS = """\
import bisect

ZONES = [(1000, 2), (3000, 4), (6000, 7), (8000, 5), (9000, 3)]  # first postcode of a zone, days of hail in ten years


def hail_zone(postcode):
    place = bisect.bisect_right([first for first, _ in ZONES], int(postcode)) - 1
    return ZONES[max(place, 0)][1]


def storm_share(postcode):
    '''What a dwelling pays toward the storm pool: valleys less than crests, lakes most.'''
    exposed = {"80": 31, "63": 44, "39": 27}
    return exposed.get(str(postcode)[:2], 18)


def renewal_discount(contract, *, loyal_years, bonus_ladder):
    rung = min(loyal_years, len(bonus_ladder) - 1)
    while rung and contract.claims_since(years=rung):
        rung -= 1
    return bonus_ladder[rung]
"""
LEDGER = """\
create table renewal_offer (
    contract_number text not null references contract (number),
    offered_premium numeric(10, 2) not null,
    tariff_version integer not null,
    accepted_on date,
    primary key (contract_number, tariff_version)
);

create view lapsed_offer as
select offer.contract_number, offer.offered_premium - contract.premium as difference
from renewal_offer offer join contract on contract.number = offer.contract_number
where offer.accepted_on is null and contract.renews_on < current_date;
"""
MANUAL = """\
# Which houses we insure, and which we look at first

A house with a thatched roof is taken only after a surveyor of ours has seen it, and never with an open fireplace in the same room.
Houses above fourteen hundred metres pay the avalanche loading unless the commune's map of dangers shows them white.
A cellar that was flooded twice within eight years is left out of the cover until a check valve has been built in and photographed.
"""
AUTHORITY = """\
# Who may sign for how much

An underwriter binds dwellings up to two million francs alone. Between two and six million a second underwriter of another office signs.
Above six million the head of underwriting asks the reinsurer before the offer leaves the house, and keeps the answer with the file.
"""
PUBLISHED = """\
<form class="claim" method="post" action="/claims">
  <label>What was damaged? <input name="damaged" required maxlength="200"></label>
  <label>On which day? <input name="happened_on" type="date" required></label>
  <label>About how much will it cost? <input name="estimate" inputmode="decimal"></label>
  <p>Send us pictures later: we write to you within two working days, and an adjuster of ours calls you before coming by.</p>
  <button>Report the damage</button>
</form>
"""
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00"  # begins as a picture does: a folder holds such files too, and they are counted
SOURCES: dict[str, dict[str, str | bytes]] = {  # title of a register -> what the folder holds
    "Pricing engine": {
        "pricing/premiums.py": PRICES,
        "pricing/tariffs.py": TARIFFS,
        "ledger/renewals.sql": LEDGER,
        "LICENSE": "All rights reserved by Alder Mutual, which is made up.\n",
        "logo.png": PICTURE,
    },
    "Underwriting manual": {"dwellings.md": MANUAL, "authority.md": AUTHORITY},
    "Published forms": {"claim.html": PUBLISHED},
}
CORRESPONDENCE = "claims-correspondence"
ROWS = [
    ("name", "email", "claim"),
    ("Orla Birkeland", "orla.birkeland@example.com", "SYN-2231-0098"),
    ("Tove Dunmore", "tove.dunmore@example.com", "SYN-2231-0143"),
    ("Piet Achterberg", "piet.achterberg@example.com", "SYN-2232-0007"),
]
PASTED = PRICES[PRICES.index("def household_premium") :]  # what a builder pastes, and may not
