//! Announcements: what a town tells everybody on its front page, and on which days.

use super::Announcement;
use super::check::Reader;
use super::checks::bad_announcement;
use super::yaml::AnnouncementYaml;
use crate::base::Day;
use crate::base::date::parse_day;
use crate::source::At;

impl Announcement {
    /// Whether it is shown on a day.
    pub fn holds_on(&self, day: Day) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

impl Reader<'_> {
    pub(super) fn announcements(&mut self, written: &[AnnouncementYaml], languages: &[String]) -> Vec<Announcement> {
        let read = |announcement: &AnnouncementYaml| {
            let text = self.words("announcements.text", &announcement.text, languages);
            let (from, until) = (self.day(announcement.from.as_ref()), self.day(announcement.until.as_ref()));
            if let (Some(first), Some(last)) = (&announcement.from, &announcement.until)
                && from.zip(until).is_some_and(|(from, until)| until < from)
            {
                self.out.push(bad_announcement::never_shown(first, last));
            }
            Announcement { text, from, until }
        };
        written.iter().map(read).collect()
    }

    fn day(&mut self, written: Option<&At<String>>) -> Option<Day> {
        let written = written?;
        let day = parse_day(written);
        if day.is_none() {
            self.out.push(bad_announcement::not_a_day(written));
        }
        day
    }
}
