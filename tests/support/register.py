#!/usr/bin/env python3
"""Makes an invented register of houses, as an office would hand it over, for measuring with many records.

  tests/support/register.py FOLDER [PARTS] [ROWS]

writes PARTS tables (10) of ROWS properties each (100,000) for the town of Dehradun. Every third property has a second
floor, every fourth has arrears; numbers, old numbers and mobiles are all different. The same call writes the same
tables. They are taken over one after the other:

  for part in FOLDER/*.csv; do target/release/nagar import properties $part --tenant dehradun --data DATA; done
"""

import csv
import pathlib
import random
import sys

PLACES = pathlib.Path(__file__).parents[2] / "definitions/tenants/uttarakhand/dehradun/places.csv"
HEADINGS = (
    "Property number,Mobile,Entered on,Old house number,Type of property,Owned since,House number,Street,Mohalla,PIN,"
    "Kind of locality,Width of road,Plot area,Floor,Use,Occupied by,Construction,Built in,Built-up area,Ownership,"
    "Owner,Father or husband,Owner's mobile,Tax 2023-24,Interest 2023-24,Tax 2024-25,Interest 2024-25,Tax 2025-26,"
    "Interest 2025-26"
).split(",")
GIVEN = "Asha Bharat Chitra Deepak Geeta Harish Indu Jagdish Kamla Lalit Meena Naresh Pooja Rakesh Sunita Vinod".split()
FAMILY = "Bisht Rawat Negi Joshi Pant Chauhan Thapliyal Nautiyal Semwal Uniyal Bhatt Kothari Gusain Dobhal".split()


def main(folder, parts=10, rows=100_000):
    chance = random.Random(20260401)
    with PLACES.open(encoding="utf-8") as places:
        wards = [row for row in csv.DictReader(places) if row["level"] == "locality"]
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for part in range(int(parts)):
        with (folder / f"part-{part:02}.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(HEADINGS)
            for number in range(part * int(rows), (part + 1) * int(rows)):
                table.writerows(floors(number, chance.choice(wards)["code"], chance))


def floors(number, place, chance):
    """The rows of one property: what is said once of it stands in the first."""
    area, built = chance.randrange(400, 2_100), chance.randrange(1_970, 2_020)
    owner = f"{chance.choice(GIVEN)} {chance.choice(FAMILY)}"
    guardian = f"{chance.choice(GIVEN)} {owner.split()[1]}"
    mobile = 9_000_000_000 + number
    owed = f"{chance.randrange(300, 1_200)}.00" if number % 4 == 0 else ""
    occupied = chance.choice(["SELFOCCUPIED", "SELFOCCUPIED", "RENTED"])
    yield [
        f"OLD-{number:07}", mobile, "01/04/2012", f"H/{number}", "BUILTUP_INDEPENDENT", "01/04/2010",
        number % 997 + 1, "Mall Road", place, 248001, "ORDINARY", "UNDER_12", area, "G", "RESIDENTIAL", occupied,
        "PUCCA", built, f"{area}.50", "INDIVIDUAL_SINGLEOWNER", owner, guardian, mobile, "", "", "", "", owed, "",
    ]  # fmt: skip
    if number % 3 == 0:
        rest = [""] * len(HEADINGS)
        for heading, value in {
            "Property number": f"OLD-{number:07}", "Floor": "1", "Use": "RESIDENTIAL", "Occupied by": occupied,
            "Construction": "PUCCA", "Built in": built, "Built-up area": area,
        }.items():  # fmt: skip
            rest[HEADINGS.index(heading)] = value
        yield rest


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main(*sys.argv[1:])
