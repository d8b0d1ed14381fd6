//! Tills: what notes are worth, and what is asked of those who take money over a counter.

use super::Tills;
use super::check::Reader;
use super::checks::bad_denomination;
use super::yaml::TillsYaml;
use crate::base::Money;
use crate::source::At;

impl Reader<'_> {
    /// What notes are worth: each more than nothing and less than the one before.
    pub(super) fn denominations(&mut self, written: &[At<Money>]) -> Vec<Money> {
        let mut last: Option<&At<Money>> = None;
        for worth in written {
            if worth.value.paise() <= 0 {
                self.out.push(bad_denomination::worth_nothing(worth));
            } else if let Some(before) = last.filter(|before| before.value <= worth.value) {
                self.out.push(bad_denomination::out_of_order(worth, before));
            }
            last = Some(worth);
        }
        written.iter().map(|worth| worth.value).collect()
    }

    pub(super) fn tills(&mut self, written: &TillsYaml, languages: &[String]) -> Tills {
        let counters = written.counters.iter().flat_map(|counters| &counters.0);
        let counters = counters
            .map(|(name, words)| {
                (name.to_string(), self.words(&format!("tills.counters.{}", name.value), words, languages))
            })
            .collect();
        Tills { needed: written.needed.as_ref().is_some_and(|needed| needed.value), counters }
    }
}
