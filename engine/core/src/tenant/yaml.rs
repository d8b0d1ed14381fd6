//! `tenant.yaml` as its author wrote it. A state writes every key; a town only what differs.

use crate::base::{Money, Name};
use crate::identity::CheckDigit;
use crate::source::scalar::words;
use crate::source::shape::shape;
use crate::source::{At, Map, Words};

words! {
    /// What a tenant file is about.
    pub(super) enum Level {
        /// The state: what holds in every town below it.
        State = "state",
        /// A town: what differs from its state.
        Town = "town",
    }
}

words! {
    /// How digits are grouped.
    pub(super) enum Grouping {
        /// Three, then two and two: 12,34,567.
        Indian = "indian",
        /// Three and three: 1,234,567.
        Western = "western",
    }
}

words! {
    /// When the office is closed every week or month.
    pub(super) enum OffDay {
        /// Every Monday.
        Monday = "monday",
        /// Every Tuesday.
        Tuesday = "tuesday",
        /// Every Wednesday.
        Wednesday = "wednesday",
        /// Every Thursday.
        Thursday = "thursday",
        /// Every Friday.
        Friday = "friday",
        /// Every Saturday.
        Saturday = "saturday",
        /// Every Sunday.
        Sunday = "sunday",
        /// The second Saturday of each month.
        SecondSaturday = "second_saturday",
    }
}

shape! {
    /// A state, or a town. A town says only what differs from its state, key by key.
    pub(super) struct TenantYaml {
        /// The version of the format: 1.
        format: At<i64>,
        /// Whether this is a state or a town.
        level: At<Level>,
        /// The full name of the body.
        title: Words,
        /// The short name of the place.
        short: Option<Words>,
        /// Capital letters and digits that stand in the town's numbers.
        code: Option<At<String>>,
        /// The district.
        district: Option<Words>,
        /// What kind of body it is: `municipal_corporation`.
        grade: Option<At<Name>>,
        /// Codes of languages; the first is what a newcomer sees.
        languages: Option<Vec<At<String>>>,
        /// Hours and minutes east of UTC: `"+05:30"`.
        time_zone: Option<At<String>>,
        /// How money is written.
        currency: Option<CurrencyYaml>,
        /// What is asked of those who take money over a counter.
        tills: Option<TillsYaml>,
        /// The financial year.
        financial_year: Option<FinancialYearYaml>,
        /// When the office is closed every week or month.
        weekly_off: Option<Vec<At<OffDay>>>,
        /// When the office is open.
        working_hours: Option<HoursYaml>,
        /// Closed days by date, with their names.
        holidays: Option<Map<Words, String>>,
        /// The file with the tenant's own drawing (SVG), beside this file; a town without one is given a plain drawing that follows from its name.
        emblem: Option<At<String>>,
        /// Colours.
        colours: Option<ColoursYaml>,
        /// Where people find the office.
        contact: Option<ContactYaml>,
        /// Names of the levels of places, from the whole to the part.
        levels: Option<Map<Words>>,
        /// Numbers by which a person is known and which nothing keeps whole, by name: whoever writes one where words are taken is told to leave it out. A town adds to those of its state.
        identity_numbers: Option<Map<IdentityNumberYaml>>,
        /// The law of the state that promises decisions in time, by its name; for services whose `statute` names none.
        right_to_service: Option<Words>,
        /// The services that are offered, in the order of the catalogue.
        services: Option<Vec<At<String>>>,
        /// What everybody should know, shown on the front page. A town that writes it writes all of it, also what its state announces.
        announcements: Option<Vec<AnnouncementYaml>>,
    }
}

shape! {
    /// Something that everybody should know.
    pub(super) struct AnnouncementYaml {
        /// The words, a sentence or two.
        text: Words,
        /// The first day on which it is shown: `"2027-01-01"`.
        from: Option<At<String>>,
        /// The last day on which it is shown: `"2027-03-31"`.
        until: Option<At<String>>,
    }
}

shape! {
    /// How money is written.
    pub(super) struct CurrencyYaml {
        /// Three letters, ISO 4217: `INR`.
        code: At<String>,
        /// The sign before an amount: `₹`.
        symbol: At<String>,
        /// How digits are grouped.
        grouping: At<Grouping>,
        /// What its notes are worth, the largest first: `[500, 200, 100, 50, 20, 10]`. A till is counted by them, and what is worth less than the last as one sum. None when silent: then all cash is counted as one sum.
        denominations: Option<Vec<At<Money>>>,
    }
}

shape! {
    /// What is asked of those who take money over a counter.
    pub(super) struct TillsYaml {
        /// Whether money is taken over a counter only into a till that was opened on the same day; `false` when silent: then whoever wants to opens one.
        needed: Option<At<bool>>,
        /// The counters at which tills are opened, by name. Nobody is asked for one when silent.
        counters: Option<Map<Words>>,
    }
}

shape! {
    /// A number by which a person is known.
    pub(super) struct IdentityNumberYaml {
        /// What people call it.
        title: Words,
        /// How many digits it has.
        digits: At<i64>,
        /// The digits that it may begin with: `"23456789"`; any when silent.
        first: Option<At<String>>,
        /// How its last digit follows from the others: `luhn`, `luhn_36` or `verhoeff`; so that other numbers are seldom taken for one.
        check: At<CheckDigit>,
        /// How many digits at its end may be written; 4 when silent.
        keep: Option<At<i64>>,
    }
}

shape! {
    /// The financial year.
    pub(super) struct FinancialYearYaml {
        /// Month and day on which it begins: `"04-01"`.
        starts: At<String>,
    }
}

shape! {
    /// When the office is open.
    pub(super) struct HoursYaml {
        /// From this time of day: `"10:00"`.
        from: At<String>,
        /// To this time of day: `"17:00"`.
        to: At<String>,
    }
}

shape! {
    /// Colours.
    pub(super) struct ColoursYaml {
        /// The colour of headings and buttons, dark enough to be read on white: `"#1d5f8a"`.
        accent: At<String>,
    }
}

shape! {
    /// Where people find the office.
    pub(super) struct ContactYaml {
        /// Its name and address.
        office: Words,
        /// Its telephone number.
        phone: Option<At<String>>,
        /// Its mail address.
        email: Option<At<String>>,
    }
}
