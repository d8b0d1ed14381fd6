//! What is shown of answers, and what is not.

use std::sync::Arc;

use serde_json::json;

use super::{Shown, Stand, Survey, Tally, by_place, compile, tally};
use crate::base::date::parse_day;
use crate::base::{Answers, Few, Text};
use crate::list::{Entry, List};
use crate::source::{Bundle, Diagnostics};
use crate::tenant::Tenant;

const FILE: &str = r#"
format: 1
title: { en: The wards, hi: वार्ड }
about: { en: What should be done?, hi: क्या किया जाए? }
from: "2026-04-01"
until: "2026-04-30"
run_by: { service: notices, role: officer }
questions:
  first: { label: What first?, type: choice, options: { drains: Drains, lamps: Lamps, parks: Parks } }
  which: { label: Which drains?, type: choice, options: { open: Open, closed: Closed }, when: first == "drains" }
  stars: { label: How is it?, type: rating }
  people: { label: How many are you?, type: number, optional: true }
  why: { label: Why?, type: text, optional: true }
translations:
  hi:
    first: { label: पहले क्या?, options: { drains: नालियाँ, lamps: बत्तियाँ, parks: पार्क } }
    which: { label: कौन सी नालियाँ?, options: { open: खुली, closed: बंद } }
    stars: कैसा है?
    people: आप कितने हैं?
    why: क्यों?
"#;

fn survey() -> Survey {
    read(FILE)
}

fn read(file: &str) -> Survey {
    let mut bundle = Bundle::default();
    bundle.add("surveys/wards.yaml", file.as_bytes());
    let tenant = Tenant {
        languages: vec!["en".to_owned(), "hi".to_owned()],
        levels: vec![("ward".to_owned(), Text::new("Ward"))],
        ..Tenant::default()
    };
    let mut out = Diagnostics::default();
    let found = compile(&bundle, &Arc::from("surveys/wards.yaml"), &tenant, &mut out);
    found.unwrap_or_else(|| panic!("{}", out.render(&bundle, "")))
}

/// Answers of people who named these first, so many each, with three stars.
fn answers(named: &[(&str, usize)]) -> Vec<Answers> {
    let one = |first: &str| Answers::from_json(&json!({ "first": first, "which": "open", "stars": 3 }));
    named.iter().flat_map(|(first, times)| (0..*times).map(move |_| one(first))).collect()
}

fn shown(tally: &Tally<'_>, question: &str) -> Vec<Shown> {
    let found = tally.questions.iter().find(|one| one.field.name == *question).unwrap();
    found.cells.iter().map(|cell| cell.shown).collect()
}

#[test]
fn a_survey_is_open_from_its_first_day_to_its_last() {
    let survey = survey();
    let on = |day: &str| survey.stand(parse_day(day).unwrap());
    assert_eq!([on("2026-03-31"), on("2026-04-01")], [Stand::Coming, Stand::Open]);
    assert_eq!([on("2026-04-30"), on("2026-05-01")], [Stand::Open, Stand::Over]);
    assert!(!survey.is_public(parse_day("2026-04-30").unwrap()));
    assert!(survey.is_public(parse_day("2026-05-01").unwrap()));
    assert_eq!(survey.title.in_language("hi"), "वार्ड");
}

#[test]
fn nothing_is_shown_of_fewer_than_five() {
    let survey = survey();
    let few = answers(&[("drains", 4)]);
    let tally = tally(&survey, &List::default(), &few);
    assert_eq!(tally.people, None);
    assert!(tally.questions.iter().all(|one| one.answered.is_none() && one.cells.is_empty() && one.texts.is_empty()));
}

#[test]
fn a_small_number_is_hidden_and_so_is_the_one_that_would_tell_it() {
    let survey = survey();
    let all = answers(&[("drains", 9), ("lamps", 2), ("parks", 6)]);
    let counted = tally(&survey, &List::default(), &all);
    assert_eq!(counted.people, Some(17));
    assert_eq!(shown(&counted, "first"), [Shown::People(9, 53), Shown::Hidden, Shown::Hidden]);
    // Two that are small together with another one tell nothing: the largest stays.
    let all = answers(&[("drains", 9), ("lamps", 3), ("parks", 2)]);
    let counted = tally(&survey, &List::default(), &all);
    assert_eq!(shown(&counted, "first"), [Shown::People(9, 64), Shown::Hidden, Shown::Hidden]);
    // None is no small number: it speaks of nobody.
    let all = answers(&[("drains", 9), ("parks", 6)]);
    let counted = tally(&survey, &List::default(), &all);
    assert_eq!(shown(&counted, "first"), [Shown::People(9, 60), Shown::People(0, 0), Shown::People(6, 40)]);
}

#[test]
fn an_answer_that_is_not_offered_any_more_is_none() {
    let survey = survey();
    let all = answers(&[("drains", 9), ("parks", 6), ("bridges", 1)]);
    let counted = tally(&survey, &List::default(), &all);
    assert_eq!(counted.people, Some(16));
    assert_eq!(counted.questions[0].answered, Some(15));
    assert_eq!(shown(&counted, "first"), [Shown::People(9, 60), Shown::People(0, 0), Shown::People(6, 40)]);
}

#[test]
fn a_question_that_depends_on_a_hidden_number_does_not_tell_it() {
    let survey = survey();
    let open = answers(&[("drains", 9), ("parks", 6)]);
    let counted = tally(&survey, &List::default(), &open);
    assert_eq!(counted.questions[1].answered, Some(15));
    let veiled = answers(&[("drains", 9), ("lamps", 2), ("parks", 6)]);
    let counted = tally(&survey, &List::default(), &veiled);
    assert_eq!(counted.questions[1].answered, None);
}

#[test]
fn numbers_have_a_mean_and_a_middle_and_stars_a_mean_only_where_none_is_hidden() {
    let survey = survey();
    let with =
        |people: i64, stars: i64| Answers::from_json(&json!({ "first": "parks", "stars": stars, "people": people }));
    let all: Vec<Answers> = [1, 2, 2, 4, 10].into_iter().map(|people| with(people, 4)).collect();
    let counted = tally(&survey, &List::default(), &all);
    let text = |number: Option<rust_decimal::Decimal>| number.map(|number| number.to_string()).unwrap_or_default();
    assert_eq!(text(counted.questions[3].mean), "3.8");
    assert_eq!(text(counted.questions[3].median), "2");
    assert_eq!(text(counted.questions[2].mean), "4");
    let mut mixed = all;
    mixed.push(with(3, 1));
    let counted = tally(&survey, &List::default(), &mixed);
    assert_eq!(text(counted.questions[3].median), "2.5");
    assert_eq!(counted.questions[2].mean, None);
}

/// The same survey, which asks for the ward as well and shows its results by it.
fn with_wards() -> Survey {
    let file = FILE.replace("questions:\n", "places: ward\nby_place: ward\nquestions:\n  ward: { label: Which ward?, type: place, level: ward, optional: true }\n");
    read(&file.replace("  hi:\n", "  hi:\n    ward: कौन सा वार्ड?\n"))
}

fn wards() -> List {
    let ward = |code: &str| Entry {
        code: code.to_owned(),
        parent: None,
        depth: 0,
        has_children: false,
        label: Text::new(code),
        attributes: Few::from_iter([("level".to_owned(), vec!["ward".to_owned()])]),
    };
    List::new("places", vec![ward("W1"), ward("W2"), ward("W3")])
}

/// What is shown of the first question in each ward, where so many of a ward named this first.
fn by_ward(named: &[(&str, &str, usize)]) -> Vec<(String, Vec<Shown>)> {
    let (survey, wards) = (with_wards(), wards());
    let one = |(ward, first): (&str, &str)| {
        let mut said = json!({ "first": first, "stars": 3 });
        if !ward.is_empty() {
            said["ward"] = json!(ward);
        }
        if first == "drains" {
            said["which"] = json!("open");
        }
        Answers::from_json(&said)
    };
    let all: Vec<Answers> =
        named.iter().flat_map(|(ward, first, times)| (0..*times).map(move |_| one((ward, first)))).collect();
    let tally = tally(&survey, &wards, &all);
    let found = by_place(&survey, &tally, &all);
    let first = found.iter().filter_map(|place| {
        let first = place.questions.iter().find(|one| one.field.name == *"first")?;
        Some((place.code.clone(), first.cells.iter().map(|cell| cell.shown).collect()))
    });
    first.collect()
}

fn named(all: &[(String, Vec<Shown>)]) -> Vec<&str> {
    all.iter().map(|(ward, _)| ward.as_str()).collect()
}

#[test]
fn a_ward_is_shown_where_each_number_is_nobody_or_enough() {
    let shown = by_ward(&[("W1", "drains", 6), ("W1", "lamps", 5), ("W2", "parks", 7)]);
    assert_eq!(named(&shown), ["W1", "W2"]);
    assert_eq!(shown[0].1, [Shown::People(6, 55), Shown::People(5, 45), Shown::People(0, 0)]);
    assert_eq!(shown[1].1, [Shown::People(0, 0), Shown::People(0, 0), Shown::People(7, 100)]);
}

#[test]
fn what_is_hidden_in_a_ward_is_not_what_the_others_leave_of_the_whole() {
    // Two of the third ward named the lamps. Seven did in all: with five of the first shown, two would be left.
    let shown = by_ward(&[
        ("W1", "drains", 6),
        ("W1", "lamps", 5),
        ("W2", "drains", 5),
        ("W2", "parks", 7),
        ("W3", "drains", 5),
        ("W3", "lamps", 2),
    ]);
    assert_eq!(named(&shown), ["W2"]);
    // Those who named no ward are left as well.
    let shown = by_ward(&[("W1", "drains", 6), ("W2", "parks", 5), ("", "parks", 2)]);
    assert_eq!(named(&shown), ["W1"]);
}

#[test]
fn of_an_answer_that_is_hidden_for_all_wards_together_nothing_is_shown_by_ward() {
    let shown = by_ward(&[("W1", "drains", 6), ("W2", "drains", 9), ("W2", "lamps", 2)]);
    assert!(shown.is_empty(), "{shown:?}");
}

#[test]
fn a_question_is_hidden_in_a_ward_where_the_answer_is_on_which_it_depends() {
    let (survey, wards) = (with_wards(), wards());
    let said = |ward: &str, first: &str, times: usize| {
        let mut one = json!({ "ward": ward, "first": first, "stars": 3 });
        if first == "drains" {
            one["which"] = json!("open");
        }
        vec![Answers::from_json(&one); times]
    };
    // Six of the first ward were asked about drains, and six were not: enough, if it told nothing of the first question.
    let all = [
        said("W1", "drains", 6),
        said("W1", "lamps", 3),
        said("W1", "parks", 3),
        said("W2", "drains", 6),
        said("W2", "lamps", 6),
        said("W2", "parks", 6),
        said("W3", "drains", 6),
        said("W3", "lamps", 6),
        said("W3", "parks", 6),
    ]
    .concat();
    let tally = tally(&survey, &wards, &all);
    let found = by_place(&survey, &tally, &all);
    let asked = |ward: &str| {
        let place = found.iter().find(|place| place.code == ward).unwrap();
        place.questions.iter().map(|one| one.field.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(asked("W1"), ["stars"]);
    assert_eq!(asked("W3"), ["first", "which", "stars"]);
}
