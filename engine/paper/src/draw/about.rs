//! What a PDF says of itself: its standards, its title and date, its outline.

use crate::tags::{Meaning, TagId};
use crate::{Error, Options};
use krilla::SerializeSettings;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};

/// PDF/A-2a, so that a paper can be read in fifty years, and PDF/UA-1, so that it can be read
/// aloud today. The writer refuses what would break either.
pub(super) fn settings() -> SerializeSettings {
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .expect("both standards build on PDF 1.7");
    SerializeSettings { configuration, ..SerializeSettings::default() }
}

/// The outline readers show beside the pages: one entry for each title, or one for the paper.
pub(super) struct Contents {
    title: String,
    last: Option<TagId>,
    entries: Vec<OutlineNode>,
}

impl Contents {
    pub(super) fn new(title: &str) -> Self {
        Self { title: title.to_owned(), last: None, entries: Vec::new() }
    }

    /// Notes a title where its first line is drawn.
    pub(super) fn note(&mut self, tag: TagId, meaning: &Meaning, page: usize, y: f32) {
        if let (Meaning::Title(_, words), true) = (meaning, self.last != Some(tag)) {
            let place = XyzDestination::new(page, Point::from_xy(0.0, y.max(0.0)));
            self.entries.push(OutlineNode::new(words.clone(), place));
            self.last = Some(tag);
        }
    }

    pub(super) fn finish(mut self) -> Outline {
        if self.entries.is_empty() {
            let place = XyzDestination::new(0, Point::from_xy(0.0, 0.0));
            self.entries.push(OutlineNode::new(self.title, place));
        }
        let mut outline = Outline::new();
        self.entries.into_iter().for_each(|entry| outline.push_child(entry));
        outline
    }
}

pub(super) fn metadata(options: &Options) -> Result<Metadata, Error> {
    let bad = |name, value: &str, expected| Error::BadOption { name, value: value.to_owned(), expected };
    if options.title.trim().is_empty() {
        return Err(bad("title", options.title, "a title"));
    }
    let tag = options.language;
    let tagged =
        tag.split('-').all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()));
    if !tagged {
        return Err(bad("language", tag, "a language tag such as hi or en-IN"));
    }
    let created =
        moment(options.created).ok_or_else(|| bad("created", options.created, "a date such as 2027-03-31"))?;
    Ok(Metadata::new()
        .title(options.title.to_owned())
        .language(tag.to_owned())
        .creation_date(created)
        .producer("Nagar".to_owned()))
}

/// Reads `2027-03-31` or `2027-03-31T10:00:00+05:30`; seconds and offset may be absent.
fn moment(text: &str) -> Option<DateTime> {
    let number = |text: &str, digits: usize, range: std::ops::RangeInclusive<u16>| {
        let right = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<u16>().ok().filter(|n| right && range.contains(n))
    };
    let (date, time) = text.split_once('T').map_or((text, None), |(d, t)| (d, Some(t)));
    let mut parts = date.splitn(3, '-');
    let year = number(parts.next()?, 4, 1..=9999)?;
    let month = number(parts.next()?, 2, 1..=12)? as u8;
    let day = number(parts.next()?, 2, 1..=31)? as u8;
    let moment = DateTime::new(year).month(month).day(day);
    let Some(time) = time else {
        return Some(moment);
    };
    let (clock, offset) = match time.find(['+', '-', 'Z']) {
        Some(at) => (&time[..at], &time[at..]),
        None => (time, "Z"),
    };
    let mut parts = clock.splitn(3, ':');
    let hour = number(parts.next()?, 2, 0..=23)? as u8;
    let minute = number(parts.next()?, 2, 0..=59)? as u8;
    let second = parts.next().unwrap_or("00");
    let second = number(second.split('.').next()?, 2, 0..=59)? as u8;
    let moment = moment.hour(hour).minute(minute).second(second);
    if offset == "Z" {
        return Some(moment.utc_offset_hour(0).utc_offset_minute(0));
    }
    let (hours, minutes) = offset[1..].split_once(':')?;
    let hours = number(hours, 2, 0..=23)? as i8;
    let hours = if offset.starts_with('-') { -hours } else { hours };
    let minutes = number(minutes, 2, 0..=59)? as u8;
    Some(moment.utc_offset_hour(hours).utc_offset_minute(minutes))
}
