"""The capital-value method of property tax, stated a second time and from the draft of the state alone.

Reads properties, one JSON object a line: the answers, the amounts that the rule came to, and what it adds on a
day of payment. Says of each that it finds otherwise which property it was. It shares nothing with the rule it is
held against: neither its script, nor its rates, nor its arithmetic.

Statement of the law: land is worth 16,000 rupees a square metre and a flat 30,000, the land in it; a dwelling is
worth 12,000 if it is pucca and 10,000 if not, a shop or a showroom and a grand hotel 64,000, anything else that
is no dwelling 58,000. What is built loses one part in a hundred for each year beyond ten, seventy at most. The
land goes with the dwelling; where nobody lives there with the business, or with the industry that is alone. The
tax is a thousandth, by kind of use, rounded up to the paisa; nobody is let off and there is no sanitation tax; the late penalty is a fifth; the
bill is rounded to the rupee, a half upwards. For every later year that has begun the tax bears interest of twelve
in a hundred, rounded up, and the sum of all lines to the paisa is rounded to the rupee anew.
"""

import json
import sys
from fractions import Fraction
from math import ceil, floor

FEET_IN_A_METRE = Fraction("10.7639")
DEAR = "HOTEL_FOUR_STARS SHOP_UP_TO_100 SHOP_100_TO_200 SHOP_200_TO_500 SHOP_OVER_500 ESSENTIAL_STALL SHOWROOM".split()
ROOMS = ("rooms_area", "common_area", "garage_area", "bath_area")


def paise_up(amount):
    return Fraction(ceil(amount * 100), 100)


def round_off(total):
    return floor(total + Fraction(1, 2)) - total


def circle_rate(part):
    if part["usage"] == "RESIDENTIAL":
        return 12000 if part["construction"] == "PUCCA" else 10000
    return 64000 if part["usage"] in DEAR else 58000


def built(part):
    if part.get("inner_known"):
        return sum(Fraction(part[room]) for room in ROOMS)
    return Fraction(part["built_up_area"])


def bill(house, year):
    metres = Fraction(1) if house["area_unit"] == "sq_m" else 1 / FEET_IN_A_METRE
    worth = {"residential": Fraction(0), "commercial": Fraction(0), "industrial": Fraction(0)}
    flat = house["property_type"] == "BUILTUP_SHARED"
    for unit in [] if house["property_type"] == "VACANT" else house["units"]:
        part = unit["part"]
        if flat:
            value = built(part) * metres * 30000
        else:
            lost = min(max(year - part["built_in"] - 10, 0), 70)
            value = built(part) * metres * circle_rate(part) * (100 - lost) / 100
        use = part["usage"]
        kind = "residential" if use == "RESIDENTIAL" else "industrial" if use.startswith("INDUSTRY") else "commercial"
        worth[kind] += value
    if not flat:
        land = Fraction(house["land_area"]) * metres * 16000
        worth[next((kind for kind, value in worth.items() if value), "residential")] += land
    heads = {f"tax_{kind}": paise_up(value / 1000) for kind, value in worth.items()}
    heads["late_penalty"] = paise_up(sum(heads.values()) / 5) if house["late_assessment"] else Fraction(0)
    heads["round_off"] = round_off(sum(heads.values()))
    return heads


def of_day(heads, year, paid_on):
    paid_in = int(paid_on[:4]) - (int(paid_on[5:7]) < 4)
    taxed = sum(heads[f"tax_{kind}"] for kind in ("residential", "commercial", "industrial"))
    interest = paise_up(taxed * 12 * (paid_in - year) / 100)
    exact = sum(amount for head, amount in heads.items() if head != "round_off") + interest
    return {"interest": interest, "round_off": round_off(exact) - heads["round_off"]}


def there(heads):
    return {head: Fraction(amount) for head, amount in heads.items() if Fraction(amount)}


def main():
    agreed = wrong = 0
    for line in sys.stdin:
        house = json.loads(line)
        heads = bill(house["answers"], house["year"])
        expected = [there(heads), there(of_day(heads, house["year"], house["paid_on"]))]
        found = [there(house["heads"]), there(house["of_day"])]
        if expected == found:
            agreed += 1
        else:
            wrong += 1
            if wrong <= 5:
                print(f"differs: {line.strip()}\n  the law says {[{k: str(float(v)) for k, v in part.items()} for part in expected]}")
    print(f"{agreed} agree, {wrong} differ")
    sys.exit(1 if wrong else 0)


main()
