//! The JSON Schema of a form and `form::accept` come to the same verdict on shape.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::base::{Answers, Text, date::parse_day};
use engine::form::{self, Ctx, Field, FieldError, Form, Kind, Known, Problem};
use engine::list::{Entry, List};
use engine::source::{Bundle, Diagnostics};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use serde_json::{Value as Json, json};

/// Types with their keys, of every kind.
const TYPES: [&str; 28] = [
    "type: text",
    "type: text, max_length: 3",
    "type: text, min_length: 3, max_length: 8",
    "type: text, lines: 4, max_length: 20",
    "type: text, pattern: { regex: \"[A-Z]{2}[0-9]+\", example: AB1 }",
    "type: number",
    "type: number, min: 0, max: 10",
    "type: decimal, places: 2",
    "type: decimal, places: 1, min: 1, max: 20",
    "type: money",
    "type: money, min: 10",
    "type: date",
    "type: date, max: today",
    "type: yes_no",
    "type: choice, options: { a: A, b: B }",
    "type: choice, options: things",
    "type: choices, options: { a: A, b: B, c: C }",
    "type: choices, options: things, min: 2, max: 2",
    "type: phone",
    "type: email",
    "type: file",
    "type: file, kinds: [pdf], max_mb: 1",
    "type: photo, place: true",
    "type: photo",
    "type: place",
    "type: point",
    "type: rating",
    "type: declaration",
];

fn a_field(depth: u32) -> BoxedStrategy<String> {
    let simple = (select(&TYPES[..]), any::<bool>())
        .prop_map(|(kind, optional)| format!("{{ label: L, {kind}, optional: {optional} }}"));
    if depth == 0 {
        return simple.boxed();
    }
    let inner = prop::collection::vec(a_field(depth - 1), 1..3);
    let nested = (select(&["group", "list", "list, max: 2", "list, min: 0"][..]), any::<bool>(), inner).prop_map(
        |(kind, optional, fields)| {
            let fields: Vec<String> =
                fields.iter().enumerate().map(|(index, field)| format!("f{index}: {field}")).collect();
            format!("{{ label: L, type: {kind}, optional: {optional}, fields: {{ {} }} }}", fields.join(", "))
        },
    );
    prop_oneof![4 => simple, 1 => nested].boxed()
}

fn a_form() -> impl Strategy<Value = Form> {
    prop::collection::vec(a_field(2), 1..5).prop_map(|fields| {
        let fields: Vec<String> =
            fields.iter().enumerate().map(|(index, field)| format!("f{index}: {field}")).collect();
        read(&format!("pages: {{ p: {{ title: T, fields: {{ {} }} }} }}", fields.join(", ")))
    })
}

fn things() -> Arc<List> {
    let entry = |code: &str| Entry { code: code.to_owned(), label: Text::new(code), ..Entry::default() };
    Arc::new(List::new("things", vec![entry("x"), entry("y"), entry("z")]))
}

fn read(yaml: &str) -> Form {
    let mut bundle = Bundle::default();
    bundle.add("form.yaml", yaml.as_bytes());
    let mut out = Diagnostics::default();
    let levels = [("ward".to_owned(), Text::new("Ward"))];
    let form = form::compile(
        &bundle,
        "form.yaml",
        &Known { lists: &[things()], levels: &levels, registers: &[], fieldsets: None },
        &mut out,
    );
    form.unwrap_or_else(|| panic!("{}", out.render(&bundle, "")))
}

/// Texts that have been trouble to somebody.
const TEXTS: [&str; 48] = [
    "",
    " ",
    "  \u{3000}",
    "a",
    "abc",
    " ab ",
    "a  b",
    "abcdefghi",
    "ab\ncd",
    "\n",
    "\t",
    "a\u{202e}b",
    "\u{feff}",
    "\u{85}",
    "क्\u{200d}ष",
    "नमस्ते",
    "AB1",
    " AB1",
    "AB1\n",
    "0",
    "-0",
    "007",
    "12",
    "12.5",
    "12.50",
    "12.505",
    "-3.1",
    "1e5",
    "999999999999999",
    "9999999999999999",
    "1,000",
    "2026-07-01",
    "2026-07-02",
    "2027-02-29",
    "2028-02-29",
    "1799-12-31",
    "2201-01-01",
    "9876543210",
    "5876543210",
    "98765432100",
    "asha@example.org",
    "a@b",
    "@b.c",
    "a..b@c.de",
    "a@-b.de",
    "x",
    "b",
    "W1",
];

fn a_text() -> impl Strategy<Value = String> {
    prop_oneof![4 => select(&TEXTS[..]).prop_map(str::to_owned), 1 => "[ -~]{0,12}", 1 => "\\PC{0,6}", 1 => any::<String>()]
}

fn any_json() -> impl Strategy<Value = Json> {
    let number = prop_oneof![
        (-20_i64..30).prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        select(&[0.0, -0.0, 1.0, 1.5, 12.0, 1e15, 1e16, 1e300, 999_999_999_999_999.0][..]).prop_map(Json::from),
    ];
    let leaf = prop_oneof![a_text().prop_map(Json::from), number, any::<bool>().prop_map(Json::from), Just(Json::Null)];
    leaf.prop_recursive(2, 12, 4, |inner| {
        let name = select(&["f0", "f1", "lat", "long", "id", "name", "kind", "size", "other"][..]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::vec((name, inner), 0..4).prop_map(|pairs| Json::Object(
                pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
            )),
        ]
    })
}

/// An answer to `field` that will mostly do.
fn fitting(kind: &Kind) -> BoxedStrategy<Json> {
    let number = |low: i64, high: i64| (low..=high).prop_map(Json::from).boxed();
    let one_of = |words: &'static [&'static str]| select(words).prop_map(Json::from).boxed();
    match kind {
        Kind::Text { pattern: Some(_), .. } => one_of(&["AB1", "XY77"]),
        Kind::Text { .. } => one_of(&["abc", "नमस्ते", "a b"]),
        Kind::Number { .. } => number(0, 10),
        Kind::Decimal { .. } => one_of(&["12.5", "7", "19.9"]),
        Kind::Money { .. } => prop_oneof![one_of(&["12.50", "100"]), number(10, 99)].boxed(),
        Kind::Date { .. } => one_of(&["2026-07-01", "2024-02-29"]),
        Kind::YesNo => any::<bool>().prop_map(Json::from).boxed(),
        Kind::Declaration => Just(json!(true)).boxed(),
        Kind::Choice { options } => {
            if options.has("a") {
                one_of(&["a", "b"])
            } else {
                one_of(&["x", "y"])
            }
        }
        Kind::Choices { options, .. } => {
            Just(if options.has("a") { json!(["a", "c"]) } else { json!(["x", "y"]) }).boxed()
        }
        Kind::Phone => one_of(&["9876543210", "6000000000"]),
        Kind::Email => one_of(&["asha@example.org", "a.b+c@x-y.co.in"]),
        Kind::File { .. } => Just(json!({ "id": "1", "name": "a.pdf", "kind": "pdf", "size": 10 })).boxed(),
        Kind::Photo { place: true, .. } => Just(
            json!({ "id": "1", "name": "a.png", "kind": "png", "size": 10, "point": { "lat": "30.3165", "long": 78 } }),
        )
        .boxed(),
        Kind::Photo { .. } => {
            Just(json!({ "id": "1", "name": "a.jpg", "kind": "jpeg", "size": 10, "sha256": "00" })).boxed()
        }
        Kind::Place { .. } => one_of(&["W1", "W2"]),
        Kind::Record { .. } => one_of(&["PLOT/1", "plot/2"]),
        Kind::Point => Just(json!({ "lat": "-30", "long": "78.0322" })).boxed(),
        Kind::Rating => number(1, 5),
        Kind::List { fields, .. } => prop::collection::vec(group(fields), 1..3).prop_map(Json::from).boxed(),
        Kind::Group { fields } => group(fields),
    }
}

fn group(fields: &[Field]) -> BoxedStrategy<Json> {
    let mut strategy = Just(json!({})).boxed();
    for field in fields {
        let name = field.name.to_string();
        let answer =
            prop_oneof![6 => fitting(&field.kind).prop_map(Some), 1 => any_json().prop_map(Some), 1 => Just(None)];
        strategy = (strategy, answer)
            .prop_map(move |(mut object, answer)| {
                if let Some(answer) = answer {
                    object[&name] = answer;
                }
                object
            })
            .boxed();
    }
    let stray = prop_oneof![20 => Just(false), 1 => Just(true)];
    (strategy, stray)
        .prop_map(|(mut object, stray)| {
            if stray {
                object["stranger"] = json!(1);
            }
            object
        })
        .boxed()
}

fn a_form_and_answers() -> impl Strategy<Value = (Form, Json)> {
    a_form().prop_flat_map(|form| {
        let fields: Vec<Field> = form.fields().cloned().collect();
        let answers = prop_oneof![20 => group(&fields), 1 => any_json()];
        (Just(form), answers)
    })
}

/// The kind that is asked for at a path, or at the answer that the path leads into.
fn kind_at<'a>(form: &'a Form, path: &str) -> Option<&'a Kind> {
    let mut fields: Vec<&Field> = form.fields().collect();
    let mut found = None;
    for part in path.split('.').filter(|part| part.parse::<usize>().is_err()) {
        let Some(field) = fields.iter().find(|field| field.name == *part) else { return found };
        found = Some(&field.kind);
        fields = match &field.kind {
            Kind::List { fields, .. } | Kind::Group { fields } => fields.iter().collect(),
            _ => Vec::new(),
        };
    }
    found
}

/// Whether there is a code at a path: letters, digits and `_`, at most 64.
fn is_code_at(json: &Json, path: &str) -> bool {
    let value = json.pointer(&format!("/{}", path.replace('.', "/"))).and_then(Json::as_str);
    value.is_some_and(|code| {
        (1..=64).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    })
}

/// Whether an error is one of shape: what a schema can say.
fn is_shape(form: &Form, json: &Json, error: &FieldError) -> bool {
    let kind = kind_at(form, &error.path);
    match error.problem {
        Problem::TooSmall(_) | Problem::TooLarge(_) => matches!(kind, Some(Kind::Number { .. } | Kind::Rating)),
        // The schema does not list the places; it only says what a code looks like.
        Problem::NotAnOption if matches!(kind, Some(Kind::Place { .. })) => !is_code_at(json, &error.path),
        _ => true,
    }
}

fn verdicts(form: &Form, json: &Json) -> (bool, bool, String) {
    let schema = form::schema(form, None, "en");
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let places = List::new("places", vec![]);
    let known = Answers::default();
    let ctx = Ctx {
        today: parse_day("2026-07-01").unwrap(),
        lists: &[things()],
        places: &places,
        known: &known,
        named: None,
        identity: &[],
    };
    let errors = form::accept_form(form, None, json, &ctx).err().unwrap_or_default();
    let shape = errors.iter().all(|error| !is_shape(form, json, error));
    let schema_says: Vec<String> =
        validator.iter_errors(json).map(|error| format!("{}: {error}", error.instance_path())).collect();
    (schema_says.is_empty(), shape, format!("schema: {schema_says:?}\naccept: {errors:?}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn schema_and_accept_agree_on_shape((form, json) in a_form_and_answers()) {
        let (schema, accept, why) = verdicts(&form, &json);
        prop_assert_eq!(schema, accept, "{}\n{}", json, why);
    }

    #[test]
    fn what_is_accepted_is_accepted_again((form, json) in a_form_and_answers()) {
        let places = List::new("places", vec![]);
        let known = Answers::default();
        let lists = [things()];
        let today = parse_day("2026-07-01").unwrap();
        let ctx = Ctx { today, lists: &lists, places: &places, known: &known, named: None, identity: &[] };
        if let Ok(answers) = form::accept_form(&form, None, &json, &ctx) {
            prop_assert_eq!(form::complete(&form, None, &answers, &ctx), Ok(answers.clone()));
            prop_assert_eq!(form::accept_form(&form, None, &answers.to_json(), &ctx), Ok(answers));
        }
    }

    #[test]
    fn whatever_is_typed_is_read_without_fail(form in a_form(), pairs in prop::collection::vec(("(f[0-4]|_x)(\\.(f[01]|[0-3]|day|month|year|lat)){0,3}", a_text()), 0..12)) {
        let fields: Vec<Field> = form.fields().cloned().collect();
        let json = form::from_pairs(&fields, &pairs, &Answers::default());
        prop_assert!(json.is_object());
        let known: BTreeSet<&str> = pairs.iter().filter_map(|(name, _)| name.split('.').next()).chain(fields.iter().map(|field| field.name.as_str())).collect();
        prop_assert!(json.as_object().unwrap().keys().all(|name| known.contains(name.as_str())));
    }
}

#[test]
fn in_14_a_pattern_that_would_try_every_way_takes_one_walk_through_the_text() {
    let form = read(
        "pages: { p: { title: T, fields: { a: { label: A, type: text, pattern: { regex: \"(a+)+b\", example: aab } } } } }",
    );
    let field = form.fields().next().unwrap();
    let Kind::Text { pattern: Some(pattern), .. } = &field.kind else { panic!("it has a pattern") };
    // Whoever tried every way would take 2 to the power of 50,000 steps, and this would never end.
    let long = "a".repeat(50_000);
    assert!(!pattern.fits(&long));
    assert!(pattern.fits(&format!("{long}b")));
}

#[test]
fn a_conditional_question_is_not_required_by_shape() {
    let form = read(
        "pages: { p: { title: T, fields: { a: { label: A, type: yes_no }, b: { label: B, type: text, when: a } } } }",
    );
    let schema = form::schema(&form, None, "en");
    assert_eq!(schema["required"], json!(["a"]));
    assert_eq!(schema["additionalProperties"], json!(false));
    let (schema, accept, _) = verdicts(&form, &json!({ "a": false }));
    assert!(schema && accept);
}

#[test]
fn half_of_the_random_answers_will_do() {
    // Were nearly all refused for one reason, the agreement above would show little.
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let strategy = a_form_and_answers();
    let mut good = 0;
    for _ in 0..400 {
        let (form, json) = strategy.new_tree(&mut runner).unwrap().current();
        good += usize::from(verdicts(&form, &json).1);
    }
    assert!((80..=360).contains(&good), "{good} of 400");
}
