//! One answer of each kind.

use super::given::{Given, GivenMap};
use super::limit::LARGEST;
use super::{Ctx, DayLimit, Kind, Pattern, Problem};
use crate::base::date::{add_days, parse_day};
use crate::base::format;
use crate::base::limits::{MONEY_PAISE, RECORD_NUMBER};
use crate::base::money::parse_decimal;
use crate::base::{Answers, Day, Money, Name, Value};
use rust_decimal::Decimal;

/// What is wrong, and with which part of the answer (empty if with the whole).
pub(super) type Wrong = (&'static str, Problem);

/// Reads an answer of `kind`, which is neither a list nor a group. `None` is an optional text of
/// nothing but blanks.
pub(super) fn read<G: Given>(kind: &Kind, optional: bool, given: &G, ctx: &Ctx<'_>) -> Result<Option<Value>, Wrong> {
    if !optional && given.text().is_some_and(|text| text.trim().is_empty()) {
        return Err(("", Problem::Missing));
    }
    let whole = |problem: Problem| ("", problem);
    match kind {
        Kind::Text { min_length, max_length, lines, pattern } => {
            return text(given, (*min_length, *max_length), *lines, pattern.as_ref()).map_err(whole);
        }
        Kind::Number { min, max, .. } => number(given, min.unwrap_or(-LARGEST), max.unwrap_or(LARGEST)),
        Kind::Decimal { min, max, places } => decimal(given, *min, *max, *places),
        Kind::Money { min, max } => decimal(
            given,
            Some(min.unwrap_or(Money::ZERO).rupees()),
            Some(max.map_or(Decimal::new(MONEY_PAISE, 2), Money::rupees)),
            2,
        ),
        Kind::Date { min, max } => date(given, *min, *max, ctx.today),
        Kind::YesNo => given.flag().map(Value::Flag).ok_or(Problem::WrongKind),
        Kind::Choice { options } => code(given, |code| options.has(code)),
        Kind::Choices { options, min, max } => choices(given, (*min, *max), |code| options.has(code)),
        Kind::Place { level } => {
            code(given, |code| ctx.places.get(code).is_some_and(|place| place.level() == Some(level.as_str())))
        }
        Kind::Record { registry, active } => record(given, registry, *active, ctx),
        Kind::Phone => fitting(given, is_phone, Problem::NotAPhone),
        Kind::Email => fitting(given, is_email, Problem::NotAnEmail),
        Kind::File { kinds, max_bytes } => {
            return file(given, &mut kinds.iter().map(String::as_str), *max_bytes, false).map(Some);
        }
        Kind::Photo { place, max_bytes } => {
            return file(given, &mut ["jpeg", "png"].into_iter(), *max_bytes, *place).map(Some);
        }
        Kind::Point => return point(given).map(Some),
        Kind::Rating => number(given, 1, 5),
        Kind::Declaration => match given.flag() {
            Some(false) if !optional => Err(Problem::NotConfirmed),
            flag => flag.map(Value::Flag).ok_or(Problem::WrongKind),
        },
        Kind::List { .. } | Kind::Group { .. } => unreachable!("lists and groups are read by their own functions"),
    }
    .map(Some)
    .map_err(whole)
}

fn text<G: Given>(
    given: &G,
    (min, max): (usize, usize),
    lines: usize,
    pattern: Option<&Pattern>,
) -> Result<Option<Value>, Problem> {
    let text = given.text().ok_or(Problem::WrongKind)?;
    if text.len() > max && text.chars().count() > max {
        return Err(Problem::TooLong(max));
    }
    if text.chars().any(|c| is_forbidden(c, lines > 1)) {
        return Err(Problem::BadCharacter);
    }
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Ok(None);
    }
    if min > 1 && trimmed.chars().count() < min {
        return Err(Problem::TooShort(min));
    }
    match pattern {
        Some(pattern) if !pattern.fits(text) => Err(Problem::DoesNotFit(pattern.example.clone())),
        _ => Ok(Some(Value::Text(trimmed.to_owned()))),
    }
}

/// Whether a character is refused in a text: control characters but the line break, those that
/// embed, override or isolate a direction of writing (and so let a text read as another), and the
/// byte-order mark. What joins or parts letters of Indian scripts (U+200C, U+200D) is kept.
pub fn is_forbidden(c: char, line_breaks: bool) -> bool {
    match c {
        '\n' => !line_breaks,
        '\0'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => true,
        _ => false,
    }
}

fn number<G: Given>(given: &G, min: i64, max: i64) -> Result<Value, Problem> {
    match given.whole().ok_or(Problem::WrongKind)? {
        number if number < min => Err(Problem::TooSmall(min.to_string())),
        number if number > max => Err(Problem::TooLarge(max.to_string())),
        number => Ok(Value::Int(number)),
    }
}

/// Exact numbers come as text, or as whole numbers: JSON's own fractions are not exact.
fn decimal<G: Given>(given: &G, min: Option<Decimal>, max: Option<Decimal>, places: u32) -> Result<Value, Problem> {
    let number = match (given.text(), given.whole()) {
        (Some(text), _) => plain_decimal(text).ok_or(Problem::WrongKind)?,
        (None, whole) => Decimal::from(whole.filter(|whole| whole.abs() <= LARGEST).ok_or(Problem::WrongKind)?),
    };
    if number.scale() > places {
        return Err(Problem::TooManyDecimals(places));
    }
    let (least, most) = (Decimal::from(-LARGEST), Decimal::from(LARGEST));
    let (min, max) = (min.unwrap_or(least), max.unwrap_or(most));
    if number < min {
        return Err(Problem::TooSmall(min.normalize().to_string()));
    }
    if number > max {
        return Err(Problem::TooLarge(max.normalize().to_string()));
    }
    let number = if number.is_zero() { number.abs() } else { number };
    Ok(Value::Text(number.to_string()))
}

/// A number of at most fifteen digits before the point, without leading zeros.
fn plain_decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole = digits.split('.').next()?;
    (whole.len() <= 15 && (whole == "0" || !whole.starts_with('0'))).then(|| parse_decimal(text))?
}

fn date<G: Given>(given: &G, min: Option<DayLimit>, max: Option<DayLimit>, today: Day) -> Result<Value, Problem> {
    let text = given.text().ok_or(Problem::WrongKind)?;
    let day = parse_day(text).ok_or(Problem::WrongKind)?;
    if let Some(min) = min.map(|limit| limit.day(today)).filter(|min| day < *min) {
        return Err(Problem::TooSmall(format::date(min)));
    }
    if let Some(max) = max.map(|limit| limit.day(today)).filter(|max| day > *max) {
        return Err(Problem::TooLarge(format::date(max)));
    }
    Ok(Value::Text(text.to_owned()))
}

impl DayLimit {
    /// The day that the limit is on `today`.
    pub fn day(self, today: Day) -> Day {
        match self {
            Self::On(day) => day,
            Self::Today(days) => add_days(today, days),
        }
    }
}

fn code<G: Given>(given: &G, known: impl Fn(&str) -> bool) -> Result<Value, Problem> {
    let code = given.text().ok_or(Problem::WrongKind)?;
    if known(code) { Ok(Value::Text(code.to_owned())) } else { Err(Problem::NotAnOption) }
}

fn choices<G: Given>(given: &G, (min, max): (usize, usize), known: impl Fn(&str) -> bool) -> Result<Value, Problem> {
    let items = given.items().ok_or(Problem::WrongKind)?;
    if items.len() < min {
        return Err(if items.is_empty() { Problem::Missing } else { Problem::TooFew(min) });
    }
    if items.len() > max {
        return Err(Problem::TooMany(max));
    }
    let mut chosen: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        let value = code(item, &known)?;
        if chosen.contains(&value) {
            return Err(Problem::NotAnOption);
        }
        chosen.push(value);
    }
    Ok(Value::List(chosen))
}

fn fitting<G: Given>(given: &G, fits: impl Fn(&str) -> bool, problem: Problem) -> Result<Value, Problem> {
    let text = given.text().ok_or(Problem::WrongKind)?;
    if fits(text) { Ok(Value::Text(text.to_owned())) } else { Err(problem) }
}

/// The number of a record, as it was given to the record.
fn record<G: Given>(given: &G, registry: &Name, active: bool, ctx: &Ctx<'_>) -> Result<Value, Problem> {
    let typed = given.text().ok_or(Problem::WrongKind)?.trim();
    if typed.chars().count() > RECORD_NUMBER || typed.chars().any(|c| is_forbidden(c, false)) {
        return Err(Problem::NoSuchRecord);
    }
    match ctx.named {
        Some(named) => super::record::judge(registry, active, typed, named).map(Value::Text),
        None => Ok(Value::Text(typed.to_owned())),
    }
}

/// Ten digits, the first 6 to 9 (the mobile numbers of the Indian numbering plan).
pub(super) fn is_phone(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit()) && text.as_bytes()[0] >= b'6'
}

/// A mail address such as people write: no quotes, no comments, a domain of at least two labels.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let word = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&c);
    let atoms = !local.is_empty()
        && local.len() <= 64
        && local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(word));
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    atoms && domain.len() <= 189 && domain.contains('.') && domain.split('.').all(label)
}

fn file<G: Given>(
    given: &G,
    kinds: &mut dyn Iterator<Item = &str>,
    max_bytes: u64,
    with_place: bool,
) -> Result<Value, Wrong> {
    let map = given.map().ok_or(("", Problem::WrongKind))?;
    let mut answers = Answers::default();
    for (name, needed) in [("id", true), ("name", true), ("kind", true), ("sha256", false)] {
        match map.item(name).map(|part| part.text().filter(|text| !text.is_empty() && text.chars().count() <= 255)) {
            Some(Some(text)) => answers.set(name, Value::Text(text.to_owned())),
            None if !needed => {}
            None => return Err(("", Problem::Missing)),
            Some(None) => return Err(("", Problem::WrongKind)),
        }
    }
    let size = map.item("size").and_then(Given::whole).filter(|size| *size > 0).ok_or(("", Problem::WrongKind))?;
    let allowed: Vec<&str> = kinds.collect();
    if !answers.text("kind").is_some_and(|kind| allowed.contains(&kind)) {
        return Err(("", Problem::WrongFileKind(allowed.join(", "))));
    }
    if u64::try_from(size).is_ok_and(|size| size > max_bytes) {
        return Err(("", Problem::FileTooBig(max_bytes)));
    }
    answers.set("size", Value::Int(size));
    let place = map.item("point").filter(|_| with_place);
    if map.names().any(|name| answers.get(name).is_none() && !(name == "point" && place.is_some())) {
        return Err(("", Problem::NotAsked));
    }
    if let Some(place) = place {
        answers.set("point", point(place).map_err(|(_, problem)| ("point", problem))?);
    }
    Ok(Value::Map(answers))
}

/// A point in degrees. What is wrong with its shape is said before what is too far from home.
fn point<G: Given>(given: &G) -> Result<Value, Wrong> {
    let map = given.map().ok_or(("", Problem::WrongKind))?;
    if map.names().any(|name| name != "lat" && name != "long") {
        return Err(("", Problem::NotAsked));
    }
    let mut answers = Answers::default();
    for name in ["lat", "long"] {
        let part = map.item(name).ok_or((name, Problem::Missing))?;
        answers.set(name, decimal(part, None, None, 7).map_err(|problem| (name, problem))?);
    }
    for (name, most) in [("lat", 90), ("long", 180)] {
        let degrees = answers.get(name).and_then(Value::decimal).expect("read above");
        if degrees.abs() > Decimal::from(most) {
            let problem = if degrees.is_sign_negative() {
                Problem::TooSmall(format!("-{most}"))
            } else {
                Problem::TooLarge(most.to_string())
            };
            return Err((name, problem));
        }
    }
    Ok(Value::Map(answers))
}
