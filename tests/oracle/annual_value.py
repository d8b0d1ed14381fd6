"""The annual-value method of property tax, stated a second time and from the law alone.

Reads properties, one JSON object a line: the answers, and the amounts that the rule came to. Says of each
amount that it finds otherwise which property it was. It shares nothing with the rule it is held against:
neither its script, nor its rates, nor its arithmetic.

Statement of the law: carpet area is four fifths of the built-up area, or rooms whole, common parts half,
garages a quarter and bathrooms not at all; annual value is carpet area times the unit rate times twelve; a
dwelling is lowered or raised by who uses it and how old it is, unless the property has other uses too; any
other use is weighted; the tax is a tenth, by kind of use, rounded up to the paisa. Where people own it, each
has an equal share of the tax, rounded up: who fought for freedom or serves in defence is let off all of it,
a widow or a person with disability 5,000 of it, together no more than the tax; the town of Dehradun lets nobody
off. Of what is left sanitation tax is a tenth and the late penalty a fifth; the bill is rounded to the rupee, a
half upwards.

Whoever pays within a window of the year that the tax is for is given a part of what is left of the tax as a
rebate, in another window a further part, each rounded up to the paisa. For every later year that has begun it
bears interest of twelve in a hundred, rounded up. With that the sum to be paid is rounded to the rupee anew: the
sum of all lines to the paisa, not what was rounded before.
"""

import json
import sys
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, getcontext

getcontext().prec = 60

UNIT_RATE = {
    "MARKET": {"PUCCA": "3.25 3.75 4.25", "SEMIPUCCA": "3.00 3.50 4.00", "KUCCHA": "2.75 3.25 3.75", "LAND": "3.00 3.50 4.00"},
    "ORDINARY": {"PUCCA": "1.50 2.00 2.50", "SEMIPUCCA": "1.25 1.75 2.25", "KUCCHA": "1.00 1.50 2.00", "LAND": "1.50 2.00 2.50"},
    "OUTER": {"PUCCA": "1.00 1.25 1.50", "SEMIPUCCA": "0.75 1.00 1.25", "KUCCHA": "0.50 0.75 1.00", "LAND": "0.75 1.00 1.25"},
}
ROADS = ["UNDER_12", "FROM_12_TO_24", "OVER_24"]
WEIGHTED = {
    3: "HOTEL_UP_TO_10_ROOMS DHARAMSHALA_PAID SHOP_100_TO_200 HOSPITAL HALL TOWER INDUSTRY_MEDIUM",
    4: "HOTEL_OVER_10_ROOMS SHOP_200_TO_500",
    5: "HOTEL_AIR_CONDITIONED SHOP_OVER_500 SHOWROOM INDUSTRY_LARGE OTHER_NONRESIDENTIAL",
    6: "HOTEL_FOUR_STARS MALL",
    2: "SHOP_UP_TO_100 CLINIC SPORTS SCHOOL_WITH_HOSTEL FUEL INDUSTRY_SMALL",
    1: "SCHOOL",
}
FACTOR = {use: Decimal(factor) for factor, uses in WEIGHTED.items() for use in uses.split()}
FACTOR["ESSENTIAL_STALL"] = Decimal("1.1")
ADJUSTMENT = {"SELFOCCUPIED": ("-25", "-32.5", "-40"), "RENTED": ("25", "12.5", "0"), "UNOCCUPIED": ("0", "0", "0")}
FEET_IN_A_METRE = Decimal("10.7639")
LET_OFF_WHOLLY = ("freedom_fighter", "defence")
LET_OFF_IN_PART = ("widow", "disabled")
INTEREST = Decimal("0.12")
# The windows of a year: per cent, first and last day.
WINDOWS = {
    ("model", 2026): {"time_rebate": ("10", "2026-04-01", "2026-09-30"), "promotional_rebate": ("5", "2026-04-01", "2026-04-15")},
    ("dehradun", 2022): {"time_rebate": ("20", "2022-04-01", "2022-10-31"), "promotional_rebate": ("5", "2022-04-01", "2022-04-30")},
}
LETS_OFF = {"model": True, "dehradun": False}


def paise_up(amount):
    return amount.quantize(Decimal("0.01"), rounding=ROUND_CEILING)


def rate(area, what, road):
    return Decimal(UNIT_RATE[area][what].split()[ROADS.index(road)])


def carpet(part):
    if part.get("inner_known"):
        inner = [("rooms_area", "1"), ("common_area", "0.5"), ("garage_area", "0.25"), ("bath_area", "0")]
        return sum(Decimal(part[name]) * Decimal(weight) for name, weight in inner)
    return Decimal(part["built_up_area"]) * 4 / 5


def industry(use):
    return use.startswith("INDUSTRY")


def let_off(house, tax):
    if not house["ownership"].startswith("INDIVIDUAL"):
        return Decimal(0)
    owners = [owner["category"] for owner in house["owners"]]
    share = paise_up(tax / len(owners))
    wholly = sum(share for owner in owners if owner in LET_OFF_WHOLLY)
    in_part = sum(min(share, Decimal(5000)) for owner in owners if owner in LET_OFF_IN_PART)
    return min(wholly + in_part, tax)


def round_off(total):
    return (total + Decimal("0.5")).quantize(Decimal(1), rounding=ROUND_FLOOR) - total


def bill(house, town, year):
    feet = FEET_IN_A_METRE if house["area_unit"] == "sq_m" else Decimal(1)
    by_kind = {"residential": Decimal(0), "commercial": Decimal(0), "industrial": Decimal(0)}
    if house["property_type"] == "VACANT":
        value = Decimal(house["land_area"]) * feet * rate(house["tax_area"], "LAND", house["road_width"]) * 12
        by_kind["residential"] = value / 10
    else:
        parts = [unit["part"] for unit in house["units"]]
        mixed = any(p["usage"] == "RESIDENTIAL" for p in parts) and any(p["usage"] != "RESIDENTIAL" for p in parts)
        for part in parts:
            value = carpet(part) * feet * rate(house["tax_area"], part["construction"], house["road_width"]) * 12
            if part["usage"] == "RESIDENTIAL":
                age = max(year - part["built_in"], 0)
                step = 0 if age <= 10 else 1 if age <= 20 else 2
                percent = Decimal(0) if mixed else Decimal(ADJUSTMENT[part["occupancy"]][step])
                by_kind["residential"] += (value + value * percent / 100) / 10
            else:
                kind = "industrial" if industry(part["usage"]) else "commercial"
                by_kind[kind] += value * FACTOR[part["usage"]] / 10
    heads = {f"tax_{kind}": paise_up(amount) for kind, amount in by_kind.items()}
    tax = sum(heads.values())
    heads["owner_exemption"] = -let_off(house, tax) if LETS_OFF[town] else Decimal(0)
    left = sum(heads.values())
    heads["sanitation_tax"] = paise_up(left / 10)
    heads["late_penalty"] = paise_up(left / 5) if house["late_assessment"] else Decimal(0)
    heads["round_off"] = round_off(sum(heads.values()))
    return heads


def financial_year(day):
    year, month = int(day[:4]), int(day[5:7])
    return year if month >= 4 else year - 1


def of_day(heads, town, year, paid_on):
    taxed = sum(heads[f"tax_{kind}"] for kind in ("residential", "commercial", "industrial")) + heads["owner_exemption"]
    later = financial_year(paid_on) - year
    if later == 0:
        windows = WINDOWS[town, year].items()
        day = {head: -paise_up(taxed * Decimal(percent) / 100) for head, (percent, first, last) in windows if first <= paid_on <= last}
    else:
        day = {"interest": paise_up(taxed * INTEREST * later)}
    exact = sum(amount for head, amount in heads.items() if head != "round_off") + sum(day.values())
    day["round_off"] = round_off(exact) - heads["round_off"]
    return day


def there(heads):
    return {head: Decimal(amount) for head, amount in heads.items() if Decimal(amount)}


def main():
    agreed = wrong = 0
    for line in sys.stdin:
        house = json.loads(line)
        town, year = house["town"], house["year"]
        heads = bill(house["answers"], town, year)
        expected = [there(heads), there(of_day(heads, town, year, house["paid_on"]))]
        found = [there(house["heads"]), there(house["of_day"])]
        if expected == found:
            agreed += 1
        else:
            wrong += 1
            if wrong <= 5:
                print(f"differs: {line.strip()}\n  the law says {[{k: str(v) for k, v in part.items()} for part in expected]}")
    print(f"{agreed} agree, {wrong} differ")
    sys.exit(1 if wrong else 0)


main()
