//! Questions as they are drawn.

use engine::form::{Field, Kind};
use serde_json::Value as Json;

use super::typed::Typed;
use super::{Asking, choose, path, rows, say, units};
use crate::view::choice::Choice;
use crate::view::common::Row;
use crate::view::field::{
    Date, DatePart, FieldView, Files, Group, Input, Item, List, Point, Rating, Text, Upload, YesNo,
};
use crate::view::field::{Opt, OptionGroup};

/// The questions of a page that are asked, with what was typed.
pub fn views(fields: &[Field], typed: &Typed, asking: &Asking<'_>) -> Vec<FieldView> {
    views_at("", fields, typed, asking)
}

fn views_at(prefix: &str, fields: &[Field], typed: &Typed, asking: &Asking<'_>) -> Vec<FieldView> {
    let asked = fields.iter().filter(|field| (asking.asked)(&path(prefix, &field.name)));
    asked
        .map(|field| {
            let mut view = view(&path(prefix, &field.name), field, typed.get(field.name.as_str()), asking);
            units::say(&mut view, (field, fields), typed, asking);
            view
        })
        .collect()
}

/// One question at a path.
fn view(at: &str, field: &Field, typed: Option<&Json>, asking: &Asking<'_>) -> FieldView {
    let words = |text: &engine::base::Text| text.in_language(asking.lang()).to_owned();
    let error = asking.errors.iter().find(|error| error.path == at || is_part(&field.kind, at, &error.path));
    FieldView {
        part: String::new(),
        name: at.to_owned(),
        label: words(&field.label),
        hint: field.hint.as_ref().map(words).unwrap_or_default(),
        error: error.map(|error| say::problem(asking.words, field, &error.problem)).unwrap_or_default(),
        optional: field.optional,
        disabled: false,
        remark: asking.remarks.get(at).cloned().unwrap_or_default(),
        earlier: String::new(),
        input: input(at, field, typed, asking),
    }
}

/// Whether an error belongs to a part of this answer that has no question of its own.
fn is_part(kind: &Kind, at: &str, path: &str) -> bool {
    matches!(kind, Kind::Point | Kind::Photo { .. }) && path.strip_prefix(at).is_some_and(|rest| rest.starts_with('.'))
}

fn input(at: &str, field: &Field, typed: Option<&Json>, asking: &Asking<'_>) -> Input {
    let text = typed.and_then(Json::as_str).unwrap_or_default();
    let query = asking.queries.get(at).map_or("", String::as_str);
    match &field.kind {
        Kind::Text { max_length, lines, pattern, .. } => words_input(text, *max_length, *lines, pattern.is_some()),
        Kind::Number { .. } => Input::Number(Text { width: 10, ..Text::new(text) }),
        Kind::Decimal { .. } => Input::Decimal(Text { width: 10, ..Text::new(text) }),
        Kind::Money { .. } => {
            Input::Money(Text { width: 10, unit: asking.tenant.currency.symbol.clone(), ..Text::new(text) })
        }
        Kind::Phone => Input::Phone(Text { width: 20, ..Text::new(text) }),
        Kind::Email => Input::Email(Text::new(text)),
        Kind::Record { .. } => Input::Text(Text { width: 30, max_length: 60, ..Text::new(text) }),
        Kind::Date { .. } => Input::Date(date(typed)),
        Kind::YesNo => Input::YesNo(YesNo { value: (!text.is_empty()).then_some(text == "yes") }),
        Kind::Choice { options } => Input::Choice(choose::one(options, asking.lang(), text, query)),
        Kind::Choices { options, .. } => Input::Choices(choose::many(options, asking.lang(), &codes(typed))),
        Kind::Place { level } => Input::Place(choose::place(&asking.tenant.places, level, asking.lang(), text, query)),
        Kind::Rating => Input::Rating(Rating { value: text.parse().unwrap_or(0) }),
        Kind::Point => Input::Point(point(typed)),
        Kind::Declaration => declaration(text, typed, asking),
        Kind::File { kinds, max_bytes } => Input::File(files(at, kinds, *max_bytes, false, typed, asking)),
        Kind::Photo { max_bytes, place } => {
            let kinds = ["jpeg", "png"].map(str::to_owned);
            Input::Photo(Files {
                place: place.then(|| point(typed)),
                ..files(at, &kinds, *max_bytes, true, typed, asking)
            })
        }
        Kind::Group { fields } => {
            let empty = Typed::new();
            Input::Group(Group {
                fields: views_at(at, fields, typed.and_then(Json::as_object).unwrap_or(&empty), asking),
            })
        }
        Kind::List { min, max, fields } => Input::List(list(at, field, (*min, *max), fields, typed, asking)),
    }
}

fn words_input(text: &str, max_length: usize, lines: usize, is_code: bool) -> Input {
    // A code may be typed with spaces, which the browser would count; the engine takes them out.
    let longest = if is_code { 0 } else { u32::try_from(max_length).unwrap_or(0) };
    if lines > 1 {
        return Input::Textarea(Text {
            max_length: longest,
            rows: u8::try_from(lines.min(20)).unwrap_or(20),
            ..Text::new(text)
        });
    }
    let width = match max_length {
        0..=4 => 4,
        5..=6 => 6,
        7..=10 => 10,
        11..=20 => 20,
        21..=40 => 30,
        _ => 0,
    };
    Input::Text(Text { max_length: longest, width, ..Text::new(text) })
}

fn part(typed: Option<&Json>, name: &str) -> String {
    typed.and_then(|typed| typed.get(name)).and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn date(typed: Option<&Json>) -> Date {
    let [day, month, year] = ["day", "month", "year"].map(|name| part(typed, name));
    let number = |text: &str| engine::form::html::ascii(text.trim()).parse::<u32>().unwrap_or(0);
    let wrong = match (number(&day), number(&month), number(&year)) {
        (_, 1..=12, 1800..=2200) => DatePart::Day,
        (1..=31, _, 1800..=2200) => DatePart::Month,
        (1..=31, 1..=12, _) => DatePart::Year,
        _ => DatePart::All,
    };
    let wrong = if (1..=28).contains(&number(&day)) && wrong == DatePart::Day { DatePart::All } else { wrong };
    Date { day, month, year, wrong }
}

fn point(typed: Option<&Json>) -> Point {
    Point { lat: part(typed, "lat"), long: part(typed, "long") }
}

fn codes(typed: Option<&Json>) -> Vec<&str> {
    typed.and_then(Json::as_array).map(|codes| codes.iter().filter_map(Json::as_str).collect()).unwrap_or_default()
}

/// Something to confirm is one box to tick, beside the words.
fn declaration(text: &str, typed: Option<&Json>, asking: &Asking<'_>) -> Input {
    let label = asking.words.get("check.declare");
    let option = Opt { chosen: text == "yes" || codes(typed).contains(&"yes"), ..Opt::new("yes", label) };
    Input::Choices(Choice {
        groups: vec![OptionGroup { label: String::new(), options: vec![option] }],
        ..Choice::default()
    })
}

fn files(at: &str, kinds: &[String], max_bytes: u64, camera: bool, typed: Option<&Json>, asking: &Asking<'_>) -> Files {
    let extensions: Vec<String> =
        kinds.iter().map(|kind| if kind == "jpeg" { ".jpg,.jpeg".to_owned() } else { format!(".{kind}") }).collect();
    let limits = say::file_limits(asking.words, kinds, max_bytes);
    let files: Vec<Upload> =
        typed.into_iter().filter(|file| file["id"].is_string()).map(|file| upload(at, file, asking)).collect();
    Files { accept: extensions.join(","), limits, camera, can_add: files.is_empty(), files, ..Files::default() }
}

fn upload(at: &str, file: &Json, asking: &Asking<'_>) -> Upload {
    let href = (asking.file_href)(file["id"].as_str().unwrap_or_default());
    let picture = matches!(file["kind"].as_str(), Some("jpeg" | "png" | "webp"));
    Upload {
        name: at.to_owned(),
        file: file["name"].as_str().unwrap_or_default().to_owned(),
        size: say::size(file["size"].as_u64().unwrap_or_default()),
        thumb: (picture && !href.is_empty()).then(|| href.clone()),
        href,
    }
}

/// A list: items that are open show their questions, the others what was answered.
fn list(
    at: &str,
    field: &Field,
    (min, max): (usize, usize),
    fields: &[Field],
    typed: Option<&Json>,
    asking: &Asking<'_>,
) -> List {
    let given = typed.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    // What needs an entry begins with one: [`super::typed::take`] makes it when the form comes back.
    let begins = given.is_empty() && min > 0;
    let first = [Json::Object(Typed::new())];
    let items = if begins { &first[..] } else { given };
    let name = field.label.in_language(asking.lang());
    let shown = items.iter().enumerate().map(|(index, item)| {
        let at = path(at, &index.to_string());
        let nothing = Typed::new();
        let typed = item.as_object().unwrap_or(&nothing);
        let open = begins
            || (asking.asked)(&format!("{at}."))
            || asking.errors.iter().any(|error| error.path.starts_with(&format!("{at}.")));
        let title = format!("{name} {}", index + 1);
        let questions = if open { views_at(&at, fields, typed, asking) } else { Vec::new() };
        let rows: Vec<Row> = if open { Vec::new() } else { rows::of_typed(fields, typed, asking) };
        Item { name: at, title, fields: questions, rows, can_remove: items.len() > min.max(1) || min == 0 }
    });
    List { items: shown.collect(), can_add: items.len() < max, item: name.to_owned() }
}

/// Says beside the question at `path` what is wrong with it, where the engine was not asked.
pub fn reproach(views: &mut [FieldView], path: &str, text: &str) {
    for view in views {
        if view.name == path {
            text.clone_into(&mut view.error);
        }
        match &mut view.input {
            Input::Group(group) => reproach(&mut group.fields, path, text),
            Input::List(list) => list.items.iter_mut().for_each(|item| reproach(&mut item.fields, path, text)),
            _ => {}
        }
    }
}
