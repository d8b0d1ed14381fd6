//! Whether answers will do.

use engine::base::{Answers, Text, Value};
use engine::form::{self, Ctx, Problem};
use engine::identity::{CheckDigit, IdentityNumber};
use serde_json::{Value as Json, json};

use crate::support::World;

pub(crate) const LICENSE: &str = r#"
pages:
  trade:
    title: Your trade
    fields:
      trade_name: { label: What is the trade called?, type: text, max_length: 12 }
      trade_kind: { label: What kind of trade is it?, type: choice, options: { shop: Shop, eatery: Eatery } }
      started_on: { label: When did it start?, type: date, max: today }
      employees: { label: How many people work there?, type: number, min: 0, max: 500 }
      area: { label: How large is it?, type: decimal, min: 0, places: 1, optional: true }
  premises:
    title: Where you trade
    fields:
      address: { label: Address of the premises, type: address }
      tenure: { label: Do you own or rent it?, type: choice, options: tenures }
      rent: { label: Rent a month, type: money, when: tenure == "RENTED" }
      deed: { label: Rent agreement, type: file, kinds: pdf, max_mb: 1, when: tenure == "RENTED" }
  owners:
    title: Who owns it
    fields:
      owners:
        label: Owners
        type: list
        max: 2
        fields:
          name: { label: Full name, type: text }
          mobile: { label: Mobile number, type: phone }
  inspection:
    title: Inspection
    by: verifier
    fields:
      fit: { label: Is the place fit?, type: yes_no }
"#;

pub(crate) fn license() -> Json {
    json!({
        "trade_name": "  Asha ", "trade_kind": "shop", "started_on": "2026-07-01", "employees": 2,
        "address": { "door": "12-4", "street": "Fort Road", "locality": "M1", "pin": "248001" },
        "tenure": "OWNED", "owners": [{ "name": "Asha Rao", "mobile": "9876543210" }],
    })
}

#[test]
fn a_good_form_is_taken_and_trimmed() {
    let world = World::new(LICENSE);
    let answers = world.accept(&license()).unwrap();
    assert_eq!(answers.text("trade_name"), Some("Asha"));
    assert_eq!(answers.get("employees"), Some(&Value::Int(2)));
    assert_eq!(answers.at("owners.0.mobile"), Some(&Value::Text("9876543210".into())));
    // What was kept is taken again, and nothing changes.
    let again = form::complete(&world.form, None, &answers, &world.ctx()).unwrap();
    assert_eq!(again, answers);
}

#[test]
fn all_errors_are_said_at_once() {
    let world = World::new(LICENSE);
    let said = world.accept(&json!({
        "trade_name": "A name that is too long", "trade_kind": "boat", "started_on": "2026-07-02", "employees": -1, "area": "1.25",
        "address": { "door": "1", "locality": "W1", "pin": "2480012", "planet": "Earth" },
        "tenure": "RENTED", "rent": "-5", "deed": { "id": "1", "name": "a.png", "kind": "png", "size": 5 },
        "owners": [{ "name": " ", "mobile": "12345" }, {}, {}], "colour": "red",
    }));
    assert_eq!(
        said.unwrap_err(),
        [
            "colour: NotAsked",
            "trade_name: TooLong(12)",
            "trade_kind: NotAnOption",
            "started_on: TooLarge(\"01/07/2026\")",
            "employees: TooSmall(\"0\")",
            "area: TooManyDecimals(1)",
            "address.planet: NotAsked",
            "address.street: Missing",
            "address.locality: NotAnOption",
            "address.pin: TooLong(6)",
            "rent: TooSmall(\"0\")",
            "deed: WrongFileKind(\"pdf\")",
            "owners: TooMany(2)",
        ]
    );
    let said = world.accept(&json!({ "owners": [{ "name": " ", "mobile": 9 }] })).unwrap_err();
    assert!(
        said.contains(&"owners.0.name: Missing".to_owned()) && said.contains(&"owners.0.mobile: WrongKind".to_owned()),
        "{said:?}"
    );
    assert!(
        said.contains(&"address.pin: Missing".to_owned()) && !said.contains(&"address: Missing".to_owned()),
        "{said:?}"
    );
}

#[test]
fn answers_that_are_not_asked_are_dropped() {
    let world = World::new(LICENSE);
    let mut given = license();
    given["rent"] = json!("what nobody asked");
    assert_eq!(world.accept(&given).unwrap().get("rent"), None);
    given["tenure"] = json!("RENTED");
    assert_eq!(world.accept(&given).unwrap_err(), ["rent: WrongKind", "deed: Missing"]);
    given["rent"] = json!(5000);
    given["deed"] = json!({ "id": "f1", "name": "deed.pdf", "kind": "pdf", "size": 20_000 });
    let rented = world.accept(&given).unwrap();
    assert_eq!(rented.text("rent"), Some("5000"));
    // Kept page by page: after the tenure changed, the hidden answers go.
    let page = world.form.page("premises").unwrap();
    let mut changed = rented.clone();
    changed.set("tenure", Value::Text("OWNED".into()));
    let kept = form::complete(&world.form, None, &changed, &Ctx { known: &changed, ..world.ctx() }).unwrap();
    assert_eq!((kept.get("rent"), kept.get("deed")), (None, None));
    let merged = form::merge(rented, page, Answers::default());
    assert_eq!((merged.get("address"), merged.text("trade_kind")), (None, Some("shop")));
}

#[test]
fn one_page_sees_what_was_answered_on_others() {
    let yaml = "
pages:
  one: { title: One, fields: { kind: { label: Kind, type: choice, options: { a: A, b: B } } } }
  two: { title: Two, when: kind == \"b\", fields: { why: { label: Why, type: text } } }
";
    let mut world = World::new(yaml);
    let page = world.form.page("two").unwrap().clone();
    world.known.set("kind", Value::Text("b".into()));
    let empty = form::accept_page(&world.form, &page, &json!({}), &world.ctx()).unwrap_err();
    assert_eq!((empty[0].path.as_str(), &empty[0].problem), ("why", &Problem::Missing));
    assert!(form::is_asked(&world.form, &page, &world.ctx()));
    world.known.set("kind", Value::Text("a".into()));
    assert_eq!(
        form::accept_page(&world.form, &page, &json!({ "why": "x" }), &world.ctx()).unwrap(),
        Answers::default()
    );
    assert!(!form::is_asked(&world.form, &page, &world.ctx()));
}

const FITS: &str = r"
pages:
  stay:
    title: Your stay
    fields:
      first: { label: First day, type: date }
      last: { label: Last day, type: date, optional: true }
      beds: { label: Beds, type: number }
    checks:
      in_order: { that: last >= first, at: last, otherwise: The last day is before the first. }
  guests:
    title: Guests
    fields:
      guests:
        label: Guests
        type: list
        max: 5
        differ: [name, mobile]
        fields:
          name: { label: Full name, type: text }
          mobile: { label: Mobile number, type: phone, optional: true }
    checks:
      enough: { that: count(guests) <= beds, at: guests, otherwise: There are more guests than beds. }
";

#[test]
fn answers_that_do_not_fit_each_other_are_told_beside_one_of_them() {
    let mut world = World::new(FITS);
    let stay = json!({ "first": "2026-07-02", "last": "2026-07-01", "beds": 1 });
    let page = world.form.page("stay").unwrap().clone();
    let errors = form::accept_page(&world.form, &page, &stay, &world.ctx()).unwrap_err();
    assert_eq!((errors[0].path.as_str(), errors[0].problem.word()), ("last", "disagrees"));
    assert_eq!(errors[0].problem.words().unwrap().written, "The last day is before the first.");
    // What is not answered, or answered wrongly, is not held against anything.
    let alone = json!({ "first": "2026-07-02", "beds": 1 });
    assert!(form::accept_page(&world.form, &page, &alone, &world.ctx()).is_ok());
    let wrong = json!({ "first": "soon", "last": "2026-07-01", "beds": 1 });
    assert_eq!(form::accept_page(&world.form, &page, &wrong, &world.ctx()).unwrap_err().len(), 1);
    // A page is held against what was answered before it, and all pages once more when the form is sent.
    world.known.set("beds", Value::Int(1));
    let page = world.form.page("guests").unwrap().clone();
    let two = json!({ "guests": [{ "name": "Asha" }, { "name": "Uma" }] });
    let errors = form::accept_page(&world.form, &page, &two, &world.ctx()).unwrap_err();
    assert_eq!((errors[0].path.as_str(), errors[0].problem.word()), ("guests", "disagrees"));
    let all = json!({ "first": "2026-07-02", "last": "2026-07-02", "beds": 1, "guests": two["guests"] });
    assert_eq!(form::accept_form(&world.form, None, &all, &world.ctx()).unwrap_err().len(), 1);
}

#[test]
fn items_that_must_differ_are_alike_however_they_are_written() {
    let world = World::new(FITS);
    let guests = |guests: Json| json!({ "first": "2026-07-02", "beds": 5, "guests": guests });
    let same = json!([
        { "name": "Asha Rao", "mobile": "9876543210" },
        { "name": "Uma", "mobile": "9876543210" },
        { "name": "asha  rao", "mobile": "9876543210" },
    ]);
    assert_eq!(world.accept(&guests(same)).unwrap_err(), ["guests.2.name: Repeated(1)"]);
    // Whoever leaves one of the answers out is like nobody.
    assert!(world.accept(&guests(json!([{ "name": "Asha" }, { "name": "Asha" }]))).is_ok());
}

#[test]
fn priv_01_words_hold_no_whole_number_of_a_person_unless_another_number_is_asked_for() {
    let numbers = [IdentityNumber {
        name: "person".to_owned(),
        title: Text::new("Number of a person"),
        digits: 12,
        first: "23456789".to_owned(),
        check: CheckDigit::Verhoeff,
        keep: 4,
    }];
    let world = World::new(
        r#"
pages:
  about:
    title: About
    fields:
      name: { label: Name, type: text }
      account: { label: Account, type: text, pattern: { regex: "[0-9]{9,18}", example: "300123456" } }
      meter: { label: Meter, type: text, other_number: true }
      people: { label: People, type: list, fields: { remark: { label: Remark, type: text } } }
"#,
    );
    let ctx = Ctx { identity: &numbers, ..world.ctx() };
    let whole = "234123412346";
    let other = json!({ "name": "Asha", "account": whole, "meter": whole, "people": [{ "remark": "XXXX XXXX 2346" }] });
    assert!(form::accept_form(&world.form, None, &other, &ctx).is_ok());
    let people = json!([{ "remark": "is २३४१-२३४१-२३४६" }]);
    let given = json!({ "name": "2341 2341 2346", "account": whole, "meter": whole, "people": people });
    let errors = form::accept_form(&world.form, None, &given, &ctx).unwrap_err();
    let told: Vec<_> = errors.iter().map(|error| (error.path.as_str(), error.problem.limit())).collect();
    let example = || Some("XXXX XXXX 1234".to_owned());
    assert_eq!(told, [("name", example()), ("people.0.remark", example())]);
    assert_eq!(form::accept_known(&world.form, &given, &ctx).unwrap_err().len(), 2, "nor does a table hold one");
    // What was accepted before is not refused afterwards, and a state that names no number refuses none.
    let kept = world.accept(&given).unwrap();
    assert!(form::complete(&world.form, None, &kept, &ctx).is_ok());
}
