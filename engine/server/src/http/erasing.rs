//! What can be erased for somebody who asks, what must be kept and why, and how a request stands: the same rows for
//! whoever asks and for whoever decides.

use engine::template::format;
use ui_gen::view::common::{Row, Section};

use super::ask::Ask;
use super::when;
use crate::erasing::{self, Fate, Found};
use crate::problem::Problem;
use crate::store::erasure_requests::{ASKED, GRANTED, Request};
use crate::store::records;

/// What becomes of everything that is kept about somebody in the town.
#[derive(Debug, Default)]
pub(super) struct Sorted {
    /// What can be erased.
    pub(super) goes: Vec<Row>,
    /// What must be kept.
    pub(super) stays: Vec<Row>,
}

impl Sorted {
    /// Sorts what is kept about a person; of a `request`, what that speaks of.
    pub(super) async fn load(ask: &Ask, person: &str, request: Option<&Request>) -> Result<Self, Problem> {
        let found = erasing::found(&ask.app, ask.tenant(), person).await?;
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        let held = records::by_holder(&mut tx, person).await?;
        drop(tx);
        let (mut sorted, mut all) = (Self::default(), held.is_empty());
        for one in &found {
            let meant = request.is_none_or(|request| request.means(&one.case));
            let goes = one.fate == Fate::Goes && meant;
            let rows = if goes { &mut sorted.goes } else { &mut sorted.stays };
            rows.push(row(ask, one));
            all &= goes || one.fate == Fate::Gone;
        }
        let record = |number: &str| Row::new(number, ask.words().get("erasing.record"));
        sorted.stays.extend(held.iter().map(|held| record(&held.number)));
        // Name and number go with the last of it; of whom nothing is kept can ask for that alone.
        let (asked, done) = request.map_or(("", false), |request| (request.id.as_str(), request.done_ms.is_some()));
        if all && !done && erasing::is_alone(&ask.app, person, asked, &ask.tenant().id).await? {
            let words = ask.words();
            sorted.goes.push(Row::new(words.get("erasing.account"), words.get("erasing.account_goes")));
        }
        Ok(sorted)
    }

    /// The same under their headings.
    pub(super) fn sections(self, ask: &Ask) -> Vec<Section> {
        let section = |key: &str, rows| Section { title: ask.words().get(key), rows };
        let mut all = vec![section("erasing.goes", self.goes), section("erasing.stays", self.stays)];
        all.retain(|section| !section.rows.is_empty());
        all
    }
}

fn row(ask: &Ask, found: &Found) -> Row {
    let (words, case) = (ask.words(), &found.case);
    let day = |ms: i64| format::day(ask.now().with_ms(ms).day());
    let said = match found.fate {
        Fate::Goes if case.number.is_none() => words.say("erasing.draft", &[("day", &day(case.opened_ms))]),
        Fate::Goes => words.get("erasing.ended"),
        Fate::UnderWay => words.get("erasing.under_way"),
        Fate::Owed => words.get("erasing.owed"),
        Fate::Held => words.get("erasing.held"),
        Fate::Until(until) => words.say("erasing.until", &[("day", &format::day(until.day()))]),
        Fate::Gone => words.get("erasing.gone"),
    };
    let title = found.service.title.in_language(&ask.lang);
    let number = case.number.as_deref().unwrap_or_default();
    Row::new(format!("{title} {number}").trim(), said)
}

/// How a request stands: what was decided, why, and when it was carried out.
pub(super) fn stands(ask: &Ask, request: &Request) -> Vec<String> {
    let words = ask.words();
    let day = |ms: i64| format::day(ask.now().with_ms(ms).day());
    let decided = request.decided_ms.map(day).unwrap_or_default();
    let granted = request.state == GRANTED;
    let mut lines = vec![match request.state.as_str() {
        ASKED => words.get("erasing.asked"),
        GRANTED => words.say("erasing.granted", &[("day", &decided)]),
        _ => words.say("erasing.refused", &[("day", &decided)]),
    }];
    lines.push(request.reason.clone());
    lines.extend(request.done_ms.filter(|_| granted).map(|ms| words.say("erasing.done", &[("day", &day(ms))])));
    lines.retain(|line| !line.is_empty());
    lines
}

/// When a request was made.
pub(super) fn asked(ask: &Ask, request: &Request) -> String {
    when::moment(ask.words(), ask.now().with_ms(request.asked_ms))
}
