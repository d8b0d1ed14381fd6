//! `/{tenant}/calendar/{calendar}`: what is free of that which can be reserved, for anybody. Who has what is not
//! told.

use std::sync::Arc;

use chrono::{Datelike as _, Months};
use engine::base::date::{add_days, parse_day};
use engine::base::limits::NEAREST_DAYS;
use engine::base::{Day, Moment};
use engine::list::List;
use engine::reserve::{Asked, Choosing, DAY_PARTS, Reserve, Slots, Taken, Wrong};
use engine::service::Service;
use engine::template::format;
use ui_gen::view::calendar::{Calendar, CalendarCell, CalendarDay};
use ui_gen::view::choice::{Choice, Look, Opt};
use ui_gen::view::common::{Link, Tag, Tone};
use ui_gen::view::home::ServiceLink;
use ui_gen::{FieldView, Input, Page, Words};

use crate::http::ask::{Answer, Ask};
use crate::http::{dispatch, limits};
use crate::problem::Problem;
use crate::store::{Tx, slots};

/// A calendar of the town: a service that names it, and what that reserves there.
#[derive(Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) service: &'a Arc<Service>,
    pub(crate) reserve: &'a Reserve,
    pub(crate) list: &'a List,
}

/// What is shown of a calendar.
pub(crate) struct Shown<'a> {
    pub(crate) found: Found<'a>,
    /// The code of what is looked at.
    pub(crate) code: String,
    /// The first day of the month.
    pub(crate) month: Day,
    pub(crate) slots: Slots,
    pub(crate) now: Moment,
}

/// How a part of a day stands.
pub(crate) enum Stands {
    /// So many places are free, of so many.
    Free(i64, i64),
    Taken,
    Closed,
    TooLate,
    TooFar,
}

/// The calendar in the address, of the first of these services that names it.
pub(crate) fn find<'a>(services: impl Iterator<Item = &'a Arc<Service>>, name: &str) -> Result<Found<'a>, Problem> {
    let name = dispatch::name(name)?;
    let mut all = services.flat_map(|service| service.reserves.iter().map(move |reserve| (service, reserve)));
    let (service, reserve) = all.find(|(_, reserve)| reserve.calendar.value == name).ok_or(Problem::NotFound)?;
    let list = reserve.list(&service.form).ok_or(Problem::NotFound)?;
    Ok(Found { service, reserve, list })
}

/// The calendars of these services, each once, with the first service that names it.
pub(crate) fn all<'a>(services: impl Iterator<Item = &'a Arc<Service>>) -> Vec<(&'a str, &'a Arc<Service>)> {
    let mut found: Vec<(&str, &Arc<Service>)> = Vec::new();
    for service in services {
        for reserve in &service.reserves {
            let name = reserve.calendar.value.as_str();
            if !found.iter().any(|(known, _)| *known == name) {
                found.push((name, service));
            }
        }
    }
    found
}

/// Links to the calendars of the town, for its first page.
pub(super) fn cards(ask: &Ask) -> Vec<ServiceLink> {
    let words = ask.words();
    let card = |(name, service): (&str, &Arc<Service>)| ServiceLink {
        href: ask.at(&format!("/calendar/{name}")),
        title: words.say("calendar.card", &[("what", service.title.in_language(&ask.lang))]),
        text: String::new(),
        note: String::new(),
    };
    all(ask.library.catalogue.services(ask.tenant())).into_iter().map(card).collect()
}

impl<'a> Shown<'a> {
    /// What the address asks for; when it is silent, the first of the list and the month in which something can be
    /// taken first: on the last days of a month that may be the next one.
    pub(crate) async fn load(ask: &Ask, found: Found<'a>) -> Result<Self, Problem> {
        let now = ask.now();
        let wanted = ask.query("resource")?;
        let mut choices = found.list.choices().map(|entry| entry.code.as_str());
        let code = if found.list.is_choice(wanted) { Some(wanted) } else { choices.next() };
        let code = code.ok_or(Problem::NotFound)?.to_owned();
        let (first, last) = (first_of(now.day()), last_month(ask, found.reserve));
        let calendar = &ask.tenant().calendar;
        let soonest = found.reserve.ahead.map_or(now.day(), |(soon, _)| soon.after_day(now.day(), calendar));
        let begins = first_of(soonest);
        let month = parse_day(&format!("{}-01", ask.query("month")?)).unwrap_or(begins).clamp(first, last);
        let end = add_days(next(month), -1);
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        let slots = slots::between(&mut tx, (&found.reserve.calendar.value, &code), month, end).await?;
        drop(tx);
        Ok(Self { found, code, month, slots, now })
    }

    /// The days of the month from today on.
    pub(crate) fn days(&self) -> Vec<Day> {
        let (mut day, end) = (self.month.max(self.now.day()), next(self.month));
        let mut days = Vec::new();
        while day < end {
            days.push(day);
            day = add_days(day, 1);
        }
        days
    }

    /// The parts of each day.
    pub(crate) fn parts(&self) -> Vec<String> {
        self.found.reserve.parts_of(Some(self.found.list), &self.code)
    }

    /// Those who have a part of a day.
    pub(crate) fn having(&self, day: Day, part: &str) -> impl Iterator<Item = &Taken> {
        let there = move |taken: &&Taken| taken.slot.day == day && taken.slot.part == part;
        self.slots.taken.iter().filter(there).filter(move |taken| taken.is_live(self.now.ms))
    }

    /// How a part of a day stands.
    pub(crate) fn stands(&self, ask: &Ask, day: Day, part: &str) -> Stands {
        let Found { reserve, list, .. } = self.found;
        let choosing = Choosing {
            reserve,
            list: Some(list),
            slots: &self.slots,
            case: "",
            has: &[],
            also: &[],
            now: self.now,
            calendar: &ask.tenant().calendar,
        };
        let asked =
            Asked { resource: self.code.clone(), from: day, until: day, parts: vec![part.to_owned()], takes: 1 };
        match choosing.fits(&asked) {
            Ok(()) => {
                let all = reserve.places_of(Some(list), &self.code);
                let had = self.having(day, part).map(|taken| taken.slot.place).filter(|place| *place <= all).count();
                Stands::Free(all - i64::try_from(had).unwrap_or(all), all)
            }
            Err(Wrong::Taken(_) | Wrong::Unknown) => Stands::Taken,
            Err(Wrong::Closed(_) | Wrong::Blocked(_)) => Stands::Closed,
            Err(Wrong::TooEarly(_)) => Stands::TooLate,
            Err(Wrong::TooFar(_)) => Stands::TooFar,
        }
    }

    /// What is looked at, in words.
    pub(crate) fn what(&self, lang: &str) -> String {
        let entry = self.found.list.get(&self.code);
        entry.map(|entry| entry.label.in_language(lang).to_owned()).unwrap_or_default()
    }

    /// The page, with everything that anybody may see.
    pub(crate) fn view(&self, ask: &Ask, action: &str) -> Calendar {
        let words = ask.words();
        let parts = self.parts();
        let cell = |day: Day, part: &String| CalendarCell {
            part: part_in_words(words, self.found.service, part, &ask.lang),
            state: tag(words, &self.stands(ask, day, part)),
            cases: Vec::new(),
        };
        let row = |day: Day| CalendarDay {
            day: format!("{}, {}", format::day(day), weekday(words, day)),
            cells: parts.iter().map(|part| cell(day, part)).collect(),
        };
        let of = |month: Day| {
            let code: String = form_urlencoded::byte_serialize(self.code.as_bytes()).collect();
            format!("{action}?resource={code}&month={}#days", month.format("%Y-%m"))
        };
        let mut links = Vec::new();
        if self.month > first_of(self.now.day()) {
            links.push(Link::new(of(before(self.month)), words.get("calendar.earlier")));
        }
        if self.month < last_month(ask, self.found.reserve) {
            links.push(Link::new(of(next(self.month)), words.get("calendar.later")));
        }
        Calendar {
            title: words.get("calendar.title"),
            lead: words.get("calendar.lead"),
            action: action.to_owned(),
            fields: self.fields(ask),
            heading: format!("{}, {}", self.what(&ask.lang), month_in_words(words, self.month)),
            parts: parts.iter().map(|part| part_in_words(words, self.found.service, part, &ask.lang)).collect(),
            rows: self.days().into_iter().map(row).collect(),
            links,
            ..Calendar::default()
        }
    }

    /// What is looked at, and the month, as questions.
    fn fields(&self, ask: &Ask) -> Vec<FieldView> {
        let words = ask.words();
        let Found { service, reserve, list } = self.found;
        let resources = list.choices().map(|entry| Opt::new(&entry.code, entry.label.in_language(&ask.lang)));
        let last = last_month(ask, reserve);
        let mut months = Vec::new();
        let mut month = first_of(self.now.day());
        while month <= last {
            months.push(Opt::new(month.format("%Y-%m").to_string(), month_in_words(words, month)));
            month = next(month);
        }
        let select = |options: Vec<Opt>, chosen: &str| {
            Input::Choice(Choice { look: Look::Select, ..Choice::one(options, chosen, "") })
        };
        let question = service.form.field(&reserve.resource.value);
        let label = question.map(|field| field.label.in_language(&ask.lang).to_owned()).unwrap_or_default();
        vec![
            FieldView::new("resource", label, select(resources.collect(), &self.code)),
            FieldView::new(
                "month",
                words.get("calendar.month"),
                select(months, &self.month.format("%Y-%m").to_string()),
            ),
        ]
    }
}

/// Says beside the question of the first day which days are free next, once it is known of what.
pub(super) async fn hint(ask: &Ask, tx: &mut Tx, service: &Service, fields: &mut [FieldView]) -> Result<(), Problem> {
    let (case, now) = (ask.case(), ask.now());
    for reserve in &service.reserves {
        let field = fields.iter_mut().find(|field| field.name == reserve.from.value.as_str());
        let code = case.answers.text(&reserve.resource.value);
        let (Some(field), Some(code), Some(list)) = (field, code, reserve.list(&service.form)) else { continue };
        let today = now.day();
        let end = add_days(today, NEAREST_DAYS);
        let slots = slots::between(tx, (&reserve.calendar.value, code), today, end).await?;
        let calendar = &ask.tenant().calendar;
        let case = case.id.as_str();
        let (list, slots) = (Some(list), &slots);
        let choosing = Choosing { reserve, list, slots, case, has: &[], also: &[], now, calendar };
        let parts = reserve.parts_of(list, code);
        let one = |day: Day| Asked { resource: code.to_owned(), from: day, until: day, parts: parts.clone(), takes: 1 };
        let days = (0..=NEAREST_DAYS).map(|far| add_days(today, far));
        let free = days.filter(|day| choosing.fits(&one(*day)).is_ok()).take(limits::DAYS_NAMED);
        let free: Vec<String> = free.map(format::day).collect();
        if !free.is_empty() {
            let what = list
                .and_then(|list| list.get(code))
                .map(|entry| entry.label.in_language(&ask.lang))
                .unwrap_or_default();
            let said = ask.words().say("calendar.hint", &[("what", what), ("days", &free.join(", "))]);
            field.hint = if field.hint.is_empty() { said } else { format!("{} {said}", field.hint) };
        }
    }
    Ok(())
}

/// `GET /{tenant}/calendar/{calendar}`
pub async fn page(ask: &Ask) -> Answer {
    let name = ask.param("calendar");
    let found = find(ask.library.catalogue.services(ask.tenant()), name)?;
    let shown = Shown::load(ask, found).await?;
    let mut view = shown.view(ask, &ask.at(&format!("/calendar/{name}")));
    let services = ask.library.catalogue.services(ask.tenant());
    let naming = services.filter(|service| service.reserves.iter().any(|reserve| reserve.calendar.value == *name));
    view.links.extend(naming.map(|service| {
        let text = ask.words().say("calendar.apply", &[("what", service.title.in_language(&ask.lang))]);
        Link::new(ask.at(&format!("/services/{}", service.id)), text)
    }));
    let code: String = form_urlencoded::byte_serialize(shown.code.as_bytes()).collect();
    let file = ask.at(&format!("/calendar/{name}/days.ics?resource={code}"));
    view.links.push(Link::new(file, ask.words().get("calendar.file")));
    ask.page(Page::Calendar(view)).back(ask.at("")).answer()
}

/// How a part of a day stands, in a word.
pub(crate) fn tag(words: &Words, stands: &Stands) -> Tag {
    match stands {
        Stands::Free(_, 1) => Tag::new(words.get("calendar.free"), Tone::Good),
        Stands::Free(free, all) => {
            let numbers = [("n", free.to_string()), ("all", all.to_string())];
            let numbers: Vec<(&str, &str)> = numbers.iter().map(|(name, number)| (*name, number.as_str())).collect();
            Tag::new(words.say("calendar.free_of", &numbers), Tone::Good)
        }
        Stands::Taken => Tag::new(words.get("calendar.taken"), Tone::Bad),
        Stands::Closed => Tag::new(words.get("calendar.closed"), Tone::Neutral),
        Stands::TooLate => Tag::new(words.get("calendar.too_late"), Tone::Neutral),
        Stands::TooFar => Tag::new(words.get("calendar.too_far"), Tone::Neutral),
    }
}

/// A part of a day: as the list of parts calls it, or the product, or as it is written.
pub(crate) fn part_in_words(words: &Words, service: &Service, part: &str, lang: &str) -> String {
    let listed = service.lists.iter().find(|list| list.name == DAY_PARTS).and_then(|list| list.get(part));
    if let Some(entry) = listed {
        return entry.label.in_language(lang).to_owned();
    }
    let key = format!("part_{part}");
    words.find(&format!("calendar.{key}")).map_or_else(|| part.replace('_', " "), str::to_owned)
}

fn weekday(words: &Words, day: Day) -> String {
    words.get(&format!("weekday.{}", day.weekday().to_string().to_lowercase()))
}

fn month_in_words(words: &Words, month: Day) -> String {
    let key = format!("m{}", month.month());
    format!("{} {}", words.get(&format!("month.{key}")), month.year())
}

fn first_of(day: Day) -> Day {
    day.with_day(1).unwrap_or(day)
}

fn next(month: Day) -> Day {
    month.checked_add_months(Months::new(1)).unwrap_or(month)
}

fn before(month: Day) -> Day {
    month.checked_sub_months(Months::new(1)).unwrap_or(month)
}

/// The last month that is shown: the one until which somebody can take anything.
fn last_month(ask: &Ask, reserve: &Reserve) -> Day {
    let today = ask.now().day();
    let far = reserve.ahead.map(|(_, far)| far.after_day(today, &ask.tenant().calendar));
    let far = far.unwrap_or_else(|| add_days(today, limits::CALENDAR_DAYS));
    first_of(far.clamp(today, add_days(today, limits::CALENDAR_MOST)))
}
