//! What people type becomes answers; answers become what people read.

use engine::base::{Answers, Value};
use engine::form::{self, Style};
use engine::tenant::Currency;
use serde_json::{Value as Json, json};

use crate::accept::{LICENSE, license};
use crate::support::World;

fn typed(world: &World, pairs: &[(&str, &str)], kept: &Answers) -> Json {
    let pairs: Vec<(String, String)> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let fields: Vec<_> = world.form.fields().cloned().collect();
    form::from_pairs(&fields, &pairs, kept)
}

/// A form with one field `x` of a type, and what is made of each text typed into it.
fn reads(field: &str, cases: &[(&str, Json)]) {
    let world = World::new(&format!("pages:\n  p: {{ title: P, fields: {{ x: {{ label: X, {field} }} }} }}\n"));
    for (text, expected) in cases {
        let read = typed(&world, &[("x", text)], &Answers::default());
        assert_eq!(read.get("x").unwrap_or(&Json::Null), expected, "{field}: {text:?}");
    }
}

#[test]
fn in_07_numbers_are_read_as_people_write_them() {
    let cases = [
        ("12", json!(12)),
        (" १२३ ", json!(123)),
        ("1,00,000", json!(100_000)),
        ("00010", json!(10)),
        ("-5", json!(-5)),
        ("-0", json!(0)),
        ("", Json::Null),
        ("1.5", json!("1.5")),
        ("1e309", json!("1e309")),
        ("NaN", json!("NaN")),
        ("twelve", json!("twelve")),
        ("9223372036854775808", json!("9223372036854775808")),
        ("--1", json!("--1")),
        ("0", json!(0)),
        ("০৭", json!(7)),
    ];
    reads("type: number", &cases);
    reads(
        "type: decimal, places: 2",
        &[("1,234.50", json!("1234.50")), ("०.५", json!("0.5")), (".5", json!(".5")), ("1/2", json!("1/2"))],
    );
    reads(
        "type: money",
        &[
            ("₹ 1,00,000/-", json!("100000")),
            ("Rs. 500.50", json!("500.50")),
            ("रु. ५००", json!("500")),
            ("−20", json!("-20")),
            ("₹", json!("₹")),
        ],
    );
}

#[test]
fn in_07_what_is_out_of_reach_is_refused_by_the_form() {
    let world = World::new(
        "pages: { p: { title: P, fields: { n: { label: Number, type: number, min: 0 }, d: { label: D, type: date, max: today, optional: true } } } }",
    );
    for (given, expected) in [
        (json!({ "n": 9_223_372_036_854_775_808_u64 }), "n: WrongKind"),
        (json!({ "n": -1 }), "n: TooSmall(\"0\")"),
        (json!({ "n": 1e300 }), "n: WrongKind"),
        (json!({ "n": 1_000_000_000_000_000_i64 }), "n: TooLarge(\"999999999999999\")"),
        (json!({ "n": "12" }), "n: WrongKind"),
        (json!({ "n": 1.5 }), "n: WrongKind"),
        (json!({ "n": true }), "n: WrongKind"),
        (json!({ "n": 1, "d": "2027-02-29" }), "d: WrongKind"),
        (json!({ "n": 1, "d": "2026-04-31" }), "d: WrongKind"),
        (json!({ "n": 1, "d": "0000-01-01" }), "d: WrongKind"),
        (json!({ "n": 1, "d": "9999-01-01" }), "d: WrongKind"),
        (json!({ "n": 1, "d": "2026-07-02" }), "d: TooLarge(\"01/07/2026\")"),
    ] {
        assert_eq!(world.accept(&given).unwrap_err(), [expected], "{given}");
    }
    assert_eq!(world.accept(&json!({ "n": -0.0 })).unwrap().get("n"), Some(&Value::Int(0)));
    assert_eq!(world.accept(&json!({ "n": 2.0 })).unwrap().get("n"), Some(&Value::Int(2)));
}

#[test]
fn in_08_days_come_in_three_parts_or_one() {
    let world = World::new("pages: { p: { title: P, fields: { x: { label: X, type: date } } } }");
    let three =
        |day, month, year| typed(&world, &[("x.day", day), ("x.month", month), ("x.year", year)], &Answers::default());
    assert_eq!(three("1", " 7", "2026"), json!({ "x": "2026-07-01" }));
    assert_eq!(three("०१", "०७", "२०२६"), json!({ "x": "2026-07-01" }));
    assert_eq!(three("31", "4", "2026"), json!({ "x": { "day": "31", "month": "4", "year": "2026" } }));
    assert_eq!(three("", "", ""), json!({}));
    assert_eq!(three("1", "", "2026"), json!({ "x": { "day": "1", "month": "", "year": "2026" } }));
    reads(
        "type: date",
        &[
            ("2026-07-01", json!("2026-07-01")),
            ("1/7/2026", json!("2026-07-01")),
            ("01-07-2026", json!("2026-07-01")),
            ("1/7/26", json!("1/7/26")),
            ("29/02/2027", json!("29/02/2027")),
        ],
    );
}

#[test]
fn codes_lose_what_people_put_between_their_parts() {
    reads(
        "type: phone",
        &[
            ("+91 98765-43210", json!("9876543210")),
            ("098765 43210", json!("9876543210")),
            ("९८७६५४३२१०", json!("9876543210")),
            ("919876543210", json!("9876543210")),
            ("98765\u{200b}43210", json!("9876543210")),
            ("12345", json!("12345")),
            ("0 11 2345 6789", json!("0 11 2345 6789")),
        ],
    );
    reads(
        "type: text, pattern: { regex: \"[1-9][0-9]{5}\", example: \"248001\" }",
        &[("248 001", json!("248001")), ("२४८००१", json!("248001")), ("24800", json!("24800"))],
    );
    reads(
        "type: text, pattern: { regex: \"[A-Z]{5}[0-9]{4}[A-Z]\", example: ABCDE1234F }",
        &[("abcde-1234 f", json!("ABCDE1234F"))],
    );
    reads("type: email", &[(" asha@example.org\u{feff} ", json!("asha@example.org"))]);
    reads("type: yes_no", &[("yes", json!(true)), ("no", json!(false)), ("perhaps", json!("perhaps"))]);
}

#[test]
fn a_number_whose_check_digit_is_another_does_not_fit() {
    let world = World::new(
        "pages: { p: { title: P, fields: { x: { label: X, type: text, pattern: { regex: \"[0-9]{4}\", example: \"1230\", check: luhn } } } } }",
    );
    assert_eq!(world.accept(&json!({ "x": "1230" })).unwrap().text("x"), Some("1230"));
    assert_eq!(world.accept(&json!({ "x": "1320" })).unwrap_err().len(), 1, "two digits have changed places");
    // It is brought into its shape before it is judged.
    assert_eq!(typed(&world, &[("x", "12 30")], &Answers::default()), json!({ "x": "1230" }));
}

#[test]
fn in_06_joiners_of_letters_are_kept_and_hidden_signs_refused() {
    let world = World::new(
        "pages: { p: { title: P, fields: { x: { label: X, type: text }, y: { label: Lines, type: text, lines: 3, optional: true } } } }",
    );
    let joined = "क्\u{200d}ष श्री\u{200c}मान";
    assert_eq!(world.accept(&typed(&world, &[("x", joined)], &Answers::default())).unwrap().text("x"), Some(joined));
    for bad in ["a\u{202e}b", "a\u{2066}b", "a\0b", "a\u{feff}b", "a\u{85}b", "a\nb"] {
        assert_eq!(world.accept(&json!({ "x": bad })).unwrap_err(), ["x: BadCharacter"], "{bad:?}");
    }
    assert_eq!(
        typed(&world, &[("x", "a\tb"), ("y", "one\r\ntwo\rthree")], &Answers::default()),
        json!({ "x": "a b", "y": "one\ntwo\nthree" })
    );
    // Ten thousand marks on one letter are too long, and cost no more than any text of their length.
    assert_eq!(world.accept(&json!({ "x": "\u{301}".repeat(10_000) })).unwrap_err(), ["x: TooLong(4000)"]);
}

#[test]
fn a_whole_page_comes_back_from_its_pairs() {
    let world = World::new(LICENSE);
    let pairs = [
        ("_csrf", "token"),
        ("trade_name", " Asha "),
        ("trade_kind", "shop"),
        ("started_on.day", "1"),
        ("started_on.month", "7"),
        ("started_on.year", "2026"),
        ("employees", "2"),
        ("area", ""),
        ("address.door", "12-4"),
        ("address.street", "Fort Road"),
        ("address.locality", "M1"),
        ("address.locality._query", "raj"),
        ("address.landmark", ""),
        ("address.pin", "248 001"),
        ("tenure", "OWNED"),
        ("owners.0.name", "Asha Rao"),
        ("owners.0.mobile", "98765 43210"),
        ("owners.1.name", " "),
        ("owners.1.mobile", ""),
    ];
    let json = typed(&world, &pairs, &Answers::default());
    let mut expected = license();
    expected["trade_name"] = json!("Asha");
    assert_eq!(json, expected);
    assert!(world.accept(&json).is_ok());
}

#[test]
fn in_09_the_same_name_twice_and_names_nobody_asked_are_refused() {
    let world = World::new(LICENSE);
    let json = typed(
        &world,
        &[
            ("tenure", "OWNED"),
            ("tenure", "RENTED"),
            ("colour", "red"),
            ("address.planet", "Earth"),
            ("owners.first.name", "x"),
        ],
        &Answers::default(),
    );
    let said = world.accept(&json).unwrap_err();
    for expected in ["tenure: WrongKind", "colour: NotAsked", "address.planet: NotAsked", "owners: WrongKind"] {
        assert!(said.contains(&expected.to_owned()), "{expected} in {said:?}");
    }
}

#[test]
fn files_and_closed_items_are_kept() {
    let world = World::new(LICENSE);
    let mut kept = license();
    kept["deed"] = json!({ "id": "f1", "name": "deed.pdf", "kind": "pdf", "size": 20_000 });
    kept["owners"] =
        json!([{ "name": "Asha Rao", "mobile": "9876543210" }, { "name": "Ravi Rao", "mobile": "9876543211" }]);
    let kept = Answers::from_json(&kept);
    let json =
        typed(&world, &[("tenure", "RENTED"), ("owners.1.name", "Ravi Rao"), ("owners.1.mobile", "9876543212")], &kept);
    assert_eq!(json["deed"]["id"], "f1");
    assert_eq!(
        json["owners"],
        json!([{ "name": "Asha Rao", "mobile": "9876543210" }, { "name": "Ravi Rao", "mobile": "9876543212" }])
    );
    assert_eq!(json.get("trade_name"), None, "what can be typed again is not taken from before");
}

#[test]
fn answers_are_shown_in_the_language_of_the_reader() {
    let world = World::new(LICENSE);
    let mut given = license();
    given["tenure"] = json!("RENTED");
    given["rent"] = json!("100000");
    given["employees"] = json!(500);
    given["deed"] = json!({ "id": "f1", "name": "deed.pdf", "kind": "pdf", "size": 20_000 });
    let answers = world.accept(&given).unwrap();
    let currency = Currency { code: "INR".into(), symbol: "₹".into(), indian_grouping: true, ..Currency::default() };
    let style =
        Style {
            language: "hi", currency: &currency, places: &world.places, yes_no: ("हाँ", "नहीं"), masked: true
        };
    let sections = form::sections(&world.form, None, &answers, &style);
    let shown: Vec<(&str, &str)> =
        sections.iter().flat_map(|section| &section.rows).map(|row| (row.path.as_str(), row.value.as_str())).collect();
    assert_eq!(
        shown,
        [
            ("trade_name", "Asha"),
            ("trade_kind", "Shop"),
            ("started_on", "01/07/2026"),
            ("employees", "500"),
            ("area", ""),
            ("address", "1*-4, Fort Road, Rajpur, 248001"),
            ("tenure", "किराये का परिसर"),
            ("rent", "₹1,00,000.00"),
            ("deed", "deed.pdf"),
            ("owners", "Asha Rao, ******3210"),
        ]
    );
    let owners = sections[2].rows[0].inner[0].clone();
    assert_eq!((owners.path.as_str(), owners.inner[1].path.as_str()), ("owners.0", "owners.0.mobile"));
    assert_eq!(sections[1].rows.last().unwrap().file.as_deref(), Some("f1"));
}

#[test]
fn a_year_is_shown_as_it_is_and_other_numbers_in_groups() {
    let list = "units: { label: Units, type: list, min: 1, max: 2, fields: { built_in: { label: Built, type: number, grouped: false } } }";
    let area = "area: { label: Area, type: number, grouped: true }, rooms: { label: Rooms, type: number }";
    let year = "year: { label: Year, type: number, min: 1900, max: 2100, grouped: false }";
    let world = World::new(&format!("pages:\n  p: {{ title: P, fields: {{ {year}, {area}, {list} }} }}\n"));
    let given = json!({ "year": 2016, "area": 2016, "rooms": 201_600, "units": [{ "built_in": 1998 }] });
    let answers = world.accept(&given).unwrap();
    let currency = Currency { code: "INR".into(), symbol: "₹".into(), indian_grouping: true, ..Currency::default() };
    let style =
        Style { language: "en", currency: &currency, places: &world.places, yes_no: ("Yes", "No"), masked: false };
    let sections = form::sections(&world.form, None, &answers, &style);
    let shown: Vec<&str> = sections.iter().flat_map(|section| &section.rows).map(|row| row.value.as_str()).collect();
    assert_eq!(shown, ["2016", "2,016", "2,01,600", "1998"]);
    // What is kept, and what rules see, is the number.
    assert_eq!(form::facts(&world.form, &answers)["year"].as_int(), Ok(2016));
    reads("type: number, grouped: false", &[("2016", json!(2016)), ("2,016", json!(2016))]);
}

#[test]
fn facts_are_typed() {
    let world = World::new(LICENSE);
    let mut given = license();
    given["area"] = json!("12.5");
    let facts = form::facts(&world.form, &world.accept(&given).unwrap());
    assert_eq!(facts["area"].as_decimal().unwrap().to_string(), "12.5");
    assert_eq!(facts["employees"].as_int(), Ok(2));
    assert!(facts["started_on"].clone().is::<engine::base::Day>());
    assert!(facts["rent"].is_unit());
    assert_eq!(facts["owners"].as_array_ref().unwrap().len(), 1);
}
