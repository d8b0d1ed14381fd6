//! The cases that were chosen in a list, as forms carry them from page to page.

use crate::http::ask::Ask;

/// Cases that are chosen at once.
pub(super) const MOST: usize = 10_000;

/// A case that was chosen, with the version that was looked at.
#[derive(Clone)]
pub(super) struct Chosen {
    /// The key.
    pub(super) id: String,
    /// The version that was looked at.
    pub(super) seen: Option<i64>,
    /// Who had it before; empty for nobody. Known once it was given to somebody.
    pub(super) had: Option<String>,
}

impl Chosen {
    /// Reads what a form carries: `key@version~person`.
    fn read(text: &str) -> Self {
        let (text, had) = text.split_once('~').map_or((text, None), |(text, had)| (text, Some(had.to_owned())));
        match text.split_once('@') {
            Some((id, seen)) => Self { id: id.to_owned(), seen: seen.parse().ok(), had },
            None => Self { id: text.to_owned(), seen: None, had },
        }
    }

    fn written(&self) -> String {
        let seen = self.seen.map(|seen| format!("@{seen}")).unwrap_or_default();
        let had = self.had.as_ref().map(|had| format!("~{had}")).unwrap_or_default();
        format!("{}{seen}{had}", self.id)
    }
}

/// What was sent back by the page before: key and version of each case.
pub(super) fn sent(ask: &Ask, names: &[&str]) -> Vec<Chosen> {
    let values = names.iter().filter_map(|name| ask.form().sent.get(*name)).flatten();
    let many = values.flat_map(|all| all.split(',')).filter(|one| !one.is_empty());
    many.take(MOST + 1).map(Chosen::read).collect()
}

/// Cases as a form carries them.
pub(super) fn joined(chosen: &[Chosen]) -> String {
    chosen.iter().map(Chosen::written).collect::<Vec<_>>().join(",")
}
