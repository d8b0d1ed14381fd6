//! `/{tenant}/pay`: which record? By its number, by an old one, or by a name and a place.

use engine::registry::Record;
use ui_gen::view::choice::{Choice, Look, Opt, OptionGroup};
use ui_gen::view::dues::{DuesHit, FindDues};
use ui_gen::view::field::Text;
use ui_gen::{FieldView, Input, Page};

use super::known;
use crate::bills;
use crate::dues;
use crate::http::ask::{Answer, Ask};
use crate::http::limits;
use crate::http::sought::{self, Sought};
use crate::problem::Problem;
use crate::store::links;

/// What was typed, and what is wrong with it.
#[derive(Default)]
struct Typed {
    number: String,
    name: String,
    place: String,
    wrong: Vec<(&'static str, &'static str)>,
}

/// What was found.
enum Found {
    /// Nothing was looked for.
    Nothing,
    /// The number of one record: the address of its bill.
    One(String),
    /// Records that fit, perhaps none.
    Some(Vec<Record>),
}

/// `GET /{tenant}/pay`
pub async fn page(ask: &Ask) -> Answer {
    if dues::payable(&ask.library, ask.tenant()).next().is_none() {
        return Err(Problem::NotFound);
    }
    if let Some(sealed) = sought::sealed_address(ask, "name")? {
        return ask.redirect(&sealed);
    }
    let sought = Sought::read(ask, "name")?;
    let mut typed = Typed {
        number: fitting(ask.query("number")?)?,
        name: fitting(&sought.words)?,
        place: fitting(ask.query("place")?)?,
        wrong: Vec::new(),
    };
    let found = look(ask, &mut typed).await?;
    let mut records = match found {
        Found::One(bill) => return ask.redirect(&bill),
        Found::Some(records) => records,
        Found::Nothing => Vec::new(),
    };
    let searched = typed.wrong.is_empty() && !(typed.number.is_empty() && typed.name.is_empty());
    let more = records.len() > limits::DUES_SHOWN;
    records.truncate(limits::DUES_SHOWN);
    let mut hits = Vec::new();
    for record in &records {
        hits.push(DuesHit {
            href: known::href(ask, record),
            number: record.number.clone(),
            what: dues::called(&ask.library, ask.tenant(), record, &ask.lang),
            holder: known::holder(ask, record).await?,
            place: dues::place(&ask.library, ask.tenant(), record, &ask.lang),
            amount: String::new(),
        });
    }
    let status = if typed.wrong.is_empty() { 200 } else { 422 };
    let view = FindDues {
        action: ask.at("/pay"),
        by_number: vec![number(ask, &typed)],
        by_name: vec![name(ask, &typed), place(ask, &typed)],
        open: ask.query.contains_key("name"),
        searched,
        hits,
        more,
    };
    sought.told(ask, ask.page(Page::FindDues(view)).back(ask.at("")).status(status)).answer()
}

/// `POST /{tenant}/pay`: what is found by a name, which stands sealed in the address. A number on a bill names nobody,
/// and is asked for in the address, as bills and letters print it.
pub async fn search(ask: &Ask) -> Answer {
    let name = Sought::of(ask, "name", ask.field("name")?)?;
    let place = fitting(ask.field("place")?)?;
    let mut query = form_urlencoded::Serializer::new(String::new());
    // A name that is missing stands there as well: the page says so.
    query.append_pair("name", &name.sealed).append_pair("place", &place);
    ask.redirect(&format!("{}?{}", ask.at("/pay"), query.finish()))
}

/// What was typed, if it is no longer than what is looked for.
fn fitting(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.chars().count() > limits::SEARCH {
        return Err(Problem::BadRequest("a search that is too long"));
    }
    Ok(text.to_owned())
}

/// `GET /{tenant}/b/{code}`: the short address of a bill, as messages have it. A code that is none counts as a
/// look, so that nobody tries them out.
pub async fn short(ask: &Ask) -> Answer {
    super::may_look(ask).await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let found = links::find(&mut tx, ask.param("code")).await?;
    drop(tx);
    let Some((registry, number)) = found else {
        super::count(ask).await?;
        return Err(Problem::NotFound);
    };
    ask.redirect(&ask.at(&bills::path_of(&registry, &number)))
}

/// Looks for what was typed. A number that is one record's leads to its bill, where it is counted; all
/// else is counted here.
async fn look(ask: &Ask, typed: &mut Typed) -> Result<Found, Problem> {
    let by_name = ask.query.contains_key("name");
    if !by_name && typed.number.is_empty() {
        if ask.query.contains_key("number") {
            typed.wrong.push(("number", "dues.number_missing"));
        }
        return Ok(Found::Nothing);
    }
    if by_name {
        if !engine::base::fold::words(&typed.name).iter().any(|key| key.chars().count() > 1) {
            typed.wrong.push(("name", "dues.name_missing"));
        }
        if !wards(ask).iter().any(|option| option.value == typed.place) {
            typed.wrong.push(("place", "dues.place_missing"));
        }
        if !typed.wrong.is_empty() {
            return Ok(Found::Nothing);
        }
    }
    super::may_look(ask).await?;
    let most = limits::DUES_SHOWN + 1;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let found = if by_name {
        dues::named(&ask.library, ask.tenant(), &mut tx, (&typed.name, &typed.place), most).await?
    } else {
        dues::numbered(&ask.library, ask.tenant(), &mut tx, &typed.number, most).await?
    };
    drop(tx);
    if let ([only], false) = (found.as_slice(), by_name) {
        return Ok(Found::One(known::href(ask, only)));
    }
    super::count(ask).await?;
    Ok(Found::Some(found))
}

fn number(ask: &Ask, typed: &Typed) -> FieldView {
    let words = ask.words();
    let text = Text { width: 20, max_length: 100, ..Text::new(&typed.number) };
    FieldView::new("number", words.get("dues.number"), Input::Text(text))
        .hint(words.get("dues.number_hint"))
        .error(error(ask, typed, "number"))
}

fn name(ask: &Ask, typed: &Typed) -> FieldView {
    let words = ask.words();
    let text = Text { width: 20, max_length: 100, ..Text::new(&typed.name) };
    FieldView::new("name", words.get("dues.name"), Input::Text(text))
        .hint(words.get("dues.name_hint"))
        .error(error(ask, typed, "name"))
}

fn place(ask: &Ask, typed: &Typed) -> FieldView {
    let mut options = wards(ask);
    for option in &mut options {
        option.chosen = option.value == typed.place;
    }
    let groups = vec![OptionGroup { label: String::new(), options }];
    // A town has up to a few hundred wards: more than are searched elsewhere, and few enough for one box.
    let choice = Choice { look: Look::Select, groups, ..Choice::default() };
    FieldView::new("place", ask.words().get("dues.place"), Input::Place(choice)).error(error(ask, typed, "place"))
}

fn error(ask: &Ask, typed: &Typed, name: &str) -> String {
    let wrong = typed.wrong.iter().find(|(wrong, _)| *wrong == name);
    wrong.map(|(_, key)| ask.words().get(key)).unwrap_or_default()
}

/// The wards of the town: the places right above those that can be chosen; where there is but one level,
/// those themselves.
fn wards(ask: &Ask) -> Vec<Opt> {
    let places = &ask.tenant().places;
    let above: std::collections::BTreeSet<usize> = places.choices().filter_map(|entry| entry.parent).collect();
    let all = places.entries.iter().enumerate();
    let wards = all.filter(|(at, entry)| above.contains(at) || (entry.parent.is_none() && !entry.has_children));
    wards.map(|(_, entry)| Opt::new(&entry.code, entry.label.in_language(&ask.lang))).collect()
}
