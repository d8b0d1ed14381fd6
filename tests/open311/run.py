#!/usr/bin/env python3
"""Reports and looks up by Open311 GeoReport v2 with two libraries of other people, and with nothing else: `three` sends
and reads JSON, `georeport` reads JSON and XML.

    target/open311/bin/python tests/open311/run.py

It starts a small demonstration of its own. NAGAR names another program.
"""

import datetime
import itertools
import pathlib
import re
import signal
import sys
import traceback

import requests

# Nothing is left beside the tests.
sys.dont_write_bytecode = True
sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "support"))

from demonstration import TOWN, Demonstration  # noqa: E402: it lies beside

# `three` was written for Python 2 and takes this name from there, where Python 3 has it elsewhere. Its JSON needs
# nothing else; its XML is of those days, and is not used.
itertools.ifilter = filter

from georeport import GeoReport  # noqa: E402
from three import Three  # noqa: E402

KIND = "light_not_working"
OTHER_KIND = "light_on_by_day"
MOBILE = "9876501234"
LAT, LONG = "30.3165123", "78.0321987"
WORDS = "The lamp before the school has been dark for a week"
LANDMARK = "Pole 14, before the school"

# Members as GeoReport v2 names them: first those that are always there, then those that may be.
SERVICE = ({"service_code", "service_name", "description", "metadata", "type", "keywords", "group"}, set())
ATTRIBUTE = (
    {"variable", "code", "datatype", "required", "datatype_description", "order", "description"},
    {"values"},
)
DATATYPES = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}
REQUEST = (
    {"service_request_id", "status", "service_name", "service_code", "requested_datetime", "updated_datetime"},
    {"status_notes", "description", "agency_responsible", "service_notice", "expected_datetime", "address"}
    | {"address_id", "zipcode", "lat", "long", "media_url"},
)
MOMENTS = ("requested_datetime", "updated_datetime", "expected_datetime")
# Date and time as the specification writes them, with the zone.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")


class Report:
    """The libraries at a town, and one report that was sent."""

    def __init__(self, demo):
        self.at = f"{demo.url}/api/{TOWN}/open311"
        self.key = demo.citizen(MOBILE)
        self.three = Three(self.at, api_key=self.key, jurisdiction=TOWN)
        self.json = GeoReport(self.at, jurisdiction=TOWN)
        self.xml = GeoReport(self.at, jurisdiction=TOWN, output_format="xml")
        asked = {one["code"]: one for one in self.three.services(KIND)["attributes"]}
        # Places that no code is known of are chosen among those that are offered.
        self.place, self.other_place = asked["locality"]["values"][:2]
        self.sent = self.send()
        self.number = self.sent[0]["service_request_id"]

    def send(self, **changed):
        given = {
            "description": WORDS,
            "address": LANDMARK,
            "address_id": self.place["key"],
            "lat": LAT,
            "long": LONG,
            "name": "Gita Rawat",
            "attribute[may_call]": "no",
        }
        return self.three.post(KIND, **{**given, **changed})

    def numbers(self, **chosen):
        """The numbers of the reports that are told, as `three` asks for them."""
        return [one["service_request_id"] for one in self.three.requests(**chosen)]


def shaped(told, members):
    always, maybe = members
    assert always <= told.keys() <= always | maybe, f"{sorted(told)}: not {sorted(always)} with {sorted(maybe)}"


def in_xml(value, name=""):
    """What JSON says, as `georeport` reads the same in XML: texts alone, nothing for an empty one, and the items of a
    list in an element of their own."""
    if isinstance(value, dict):
        return {key: in_xml(inside, key) for key, inside in value.items()}
    if isinstance(value, list):
        items = [in_xml(item) for item in value]
        return {name.removesuffix("s"): items if len(items) > 1 else items[0]} if items else None
    if isinstance(value, bool):
        return str(value).lower()
    return None if value in (None, "") else " ".join(str(value).split())


def a_town_is_discovered(report):
    told = report.three.discovery()
    assert told.keys() == {"changeset", "contact", "key_service", "endpoints"}, told
    (endpoint,) = told["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2", endpoint
    assert endpoint["formats"] == ["text/xml", "application/json"], endpoint
    # What was discovered is where everything else is.
    there = GeoReport(endpoint["url"])
    assert there.get_service_list() == report.json.get_service_list()
    assert requests.get(told["key_service"], timeout=60).ok, told


def kinds_are_listed(report):
    told = report.three.services()
    assert len(told) > 1
    for kind in told:
        shaped(kind, SERVICE)
        assert isinstance(kind["metadata"], bool), kind
        assert kind["type"] in {"realtime", "batch", "blackbox"}, kind
    codes = [kind["service_code"] for kind in told]
    assert len(set(codes)) == len(codes) and {KIND, OTHER_KIND} <= set(codes), codes


def kinds_are_the_same_in_both_formats(report):
    kinds = report.json.get_service_list()
    assert kinds == report.three.services()
    assert report.xml.get_service_list() == [in_xml(kind) for kind in kinds]


def kinds_are_told_in_the_language_that_is_asked_for(report):
    english = Three(report.at, jurisdiction=TOWN)
    english.session.headers["Accept-Language"] = "en"
    hindi = Three(report.at, jurisdiction=TOWN)
    hindi.session.headers["Accept-Language"] = "hi"
    named = [{kind["service_code"]: kind["service_name"] for kind in one.services()} for one in (english, hindi)]
    assert named[0].keys() == named[1].keys()
    assert named[0][KIND].isascii() and not named[1][KIND].isascii(), [one[KIND] for one in named]


def a_kind_is_defined(report):
    told = report.three.services(KIND)
    assert told.keys() == {"service_code", "attributes"} and told["service_code"] == KIND, told
    for at, one in enumerate(told["attributes"], 1):
        shaped(one, ATTRIBUTE)
        assert one["datatype"] in DATATYPES and one["order"] == at, one
        assert isinstance(one["variable"], bool) and isinstance(one["required"], bool), one
        assert one["datatype"].endswith("list") == bool(one.get("values")), one
        assert all(value.keys() == {"key", "name"} for value in one.get("values", [])), one
    asked = {one["code"]: one for one in told["attributes"]}
    assert asked["may_call"]["required"], asked
    assert [value["key"] for value in asked["may_call"]["values"]] == ["yes", "no"], asked


def a_kind_is_the_same_in_both_formats(report):
    told = report.json.get_service_definition(KIND)
    assert told == report.three.services(KIND)
    assert report.xml.get_service_definition(KIND) == in_xml(told)


def a_report_is_given_a_number(report):
    (told,) = report.sent
    assert told.keys() == {"service_request_id", "service_notice", "account_id", "token"}, told
    assert told["service_request_id"] and told["token"], told


def a_token_leads_to_the_number(report):
    token = report.sent[0]["token"]
    assert report.three.token(token) == [{"service_request_id": report.number, "token": token}]


def a_report_is_read_by_the_number_as_it_was_told(report):
    (told,) = report.three.request(report.number)
    shaped(told, REQUEST)
    expected = {"service_request_id": report.number, "status": "open", "service_code": KIND}
    expected |= {"address_id": report.place["key"], "lat": LAT, "long": LONG}
    assert {key: told[key] for key in expected} == expected, told
    assert report.place["name"] in told["address"], told
    assert all(MOMENT.fullmatch(told[moment]) for moment in MOMENTS), told
    kinds = {kind["service_code"]: kind["service_name"] for kind in report.three.services()}
    assert told["service_name"] == kinds[KIND], told


def a_report_is_the_same_in_both_formats(report):
    told = report.json.get_service_request(report.number)
    assert [told] == report.three.request(report.number)
    assert report.xml.get_service_request(report.number) == in_xml(told)


def a_report_tells_of_no_person(report):
    told = str(report.three.request(report.number)) + str(report.xml.get_service_request(report.number))
    for secret in ("Gita", "Rawat", MOBILE, WORDS, LANDMARK, report.key):
        assert secret not in told, f"{secret}: {told}"


def reports_are_listed(report):
    told = report.three.requests()
    assert len(told) > 1
    for one in told:
        shaped(one, REQUEST)
        assert one["status"] in {"open", "closed"}, one
        assert all(one.get(moment) is None or MOMENT.fullmatch(one[moment]) for moment in MOMENTS), one
    # The latest comes first.
    assert told[0]["service_request_id"] == report.number, told[0]
    moments = [datetime.datetime.fromisoformat(one["requested_datetime"]) for one in told]
    assert moments == sorted(moments, reverse=True)
    assert report.json.get_service_requests() == told
    assert report.xml.get_service_requests() == [in_xml(one) for one in told]


def reports_of_a_kind_are_chosen(report):
    everything = report.three.requests()
    for codes in (KIND, OTHER_KIND, f"{KIND},{OTHER_KIND}"):
        wanted = [one for one in everything if one["service_code"] in codes.split(",")]
        assert report.three.requests(codes) == wanted, codes
    assert report.number in [one["service_request_id"] for one in report.three.requests(KIND)]
    assert report.number not in report.numbers(code=OTHER_KIND)


def reports_in_a_state_are_chosen(report):
    still, over = (report.json.get_service_requests(status=status) for status in ("open", "closed"))
    assert {one["status"] for one in still} == {"open"} and {one["status"] for one in over} == {"closed"}
    everything = report.numbers()
    assert sorted(one["service_request_id"] for one in still + over) == sorted(everything)
    assert report.numbers(status="open,closed") == everything


def reports_of_days_are_chosen(report):
    sent = datetime.datetime.fromisoformat(report.three.request(report.number)[0]["requested_datetime"])
    before, after = ((sent + datetime.timedelta(days=days)).strftime("%m-%d-%Y") for days in (-2, 2))
    long_before = (sent - datetime.timedelta(days=30)).strftime("%m-%d-%Y")
    # As `three` writes days, and as `georeport` hands on moments.
    assert report.number in report.numbers(between=(before, after))
    assert report.number not in report.numbers(start=long_before, end=before)
    at = sent.astimezone(datetime.timezone.utc)
    just_before, just_after = ((at + datetime.timedelta(seconds=some)).isoformat() for some in (-1, 1))
    (told,) = report.json.get_service_requests(start_date=just_before, end_date=just_after)
    assert told["service_request_id"] == report.number, told
    assert report.json.get_service_requests(start_date=just_after) == []


def reports_that_are_named_are_told_whatever_else_is_asked(report):
    named = report.numbers()[:2]
    told = report.json.get_service_requests(service_request_id=",".join(named))
    assert [one["service_request_id"] for one in told] == named
    # The specification: what is named overrides all other arguments.
    chosen = {"status": "closed", "service_code": OTHER_KIND, "end_date": "2020-01-01T00:00:00Z"}
    (told,) = report.json.get_service_requests(service_request_id=report.number, **chosen)
    assert told["service_request_id"] == report.number, told


def the_same_report_is_the_same_and_another_is_another(report):
    assert report.send() == report.sent
    another = report.send(address_id=report.other_place["key"])
    assert another[0]["service_request_id"] != report.number, another
    (told,) = report.three.request(another[0]["service_request_id"])
    assert told["address_id"] == report.other_place["key"], told


def an_attribute_can_say_the_place(report):
    chosen = {"address_id": "", "attribute[locality]": report.other_place["key"]}
    sent = report.send(description="The lamp at the crossing flickers all night", **chosen)
    (told,) = report.three.request(sent[0]["service_request_id"])
    assert told["address_id"] == report.other_place["key"], told


def what_is_wrong_is_said_by_the_parameter(report):
    told = report.send(**{"attribute[may_call]": "", "description": "Dark"})
    assert report.three.post_response.status_code == 400, told
    assert {(one["code"], one["description"].split(":")[0]) for one in told} == {
        (400, "attribute[may_call]"),
        (400, "description"),
    }, told


def a_report_needs_a_key_and_a_kind(report):
    for key in ("", "nothing"):
        told = report.send(api_key=key)
        assert (report.three.post_response.status_code, told[0]["code"]) == (403, 403), told
    told = report.three.post("", description=WORDS)
    assert (report.three.post_response.status_code, told[0]["code"]) == (400, 400), told
    told = report.three.post("nothing", description=WORDS)
    assert (report.three.post_response.status_code, told[0]["code"]) == (404, 404), told


def what_is_not_there_is_said(report):
    nowhere = GeoReport(report.at, jurisdiction="nowhere")
    for ask in (
        nowhere.get_service_list,
        lambda: report.json.get_service_definition("nothing"),
        lambda: report.xml.get_service_definition("nothing"),
        lambda: report.json.get_service_request("nothing/1"),
        lambda: report.xml.get_service_request("nothing"),
    ):
        try:
            told = ask()
        except requests.HTTPError as refused:
            assert refused.response.status_code == 404, refused
        else:
            raise AssertionError(f"{told}: it is not there")


CHECKS = [
    a_town_is_discovered,
    kinds_are_listed,
    kinds_are_the_same_in_both_formats,
    kinds_are_told_in_the_language_that_is_asked_for,
    a_kind_is_defined,
    a_kind_is_the_same_in_both_formats,
    a_report_is_given_a_number,
    a_token_leads_to_the_number,
    a_report_is_read_by_the_number_as_it_was_told,
    a_report_is_the_same_in_both_formats,
    a_report_tells_of_no_person,
    reports_are_listed,
    reports_of_a_kind_are_chosen,
    reports_in_a_state_are_chosen,
    reports_of_days_are_chosen,
    reports_that_are_named_are_told_whatever_else_is_asked,
    the_same_report_is_the_same_and_another_is_another,
    an_attribute_can_say_the_place,
    what_is_wrong_is_said_by_the_parameter,
    a_report_needs_a_key_and_a_kind,
    what_is_not_there_is_said,
]


def main():
    # Whoever ends this ends the demonstration as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    failed = 0
    with Demonstration("open311") as demo:
        report = Report(demo)
        for check in CHECKS:
            try:
                check(report)
            except Exception:
                failed += 1
                print(f"{check.__name__}:", flush=True)
                traceback.print_exc()
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
