//! What a scanner, or somebody who reads a paper aloud, puts into a box for searching: the address in
//! the square pattern of one of our papers or bills, or the code that is printed under it.

use engine::document::RECEIPT;

use crate::auth::seal::Sealed;
use crate::auth::token;
use crate::http::ask::Ask;
use crate::http::limits;
use crate::problem::Problem;
use crate::store::{cases, papers, receipts};

/// What follows the town in the address of a paper.
const PAPER: &str = "/verify/";
/// What follows the town in the address of a bill.
const BILL: &str = "/pay/";

/// What a paper leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scanned {
    /// The key of the case for which it was issued.
    Case(String),
    /// The record that it bills: its registry, as the address writes it, and its number.
    Record(String, String),
}

/// How long what is searched for may be: only what a paper bears may be longer than a search.
pub(crate) fn longest(text: &str) -> usize {
    if is_address(text) { limits::SCANNED } else { limits::SEARCH }
}

/// Whether a text is what the pattern of a paper says, which nobody types.
fn is_address(text: &str) -> bool {
    text.contains(PAPER) || text.contains(BILL) || Sealed::looks_like(text)
}

/// What is looked for: the text as it was typed, and what a paper has to say about it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// The text, without blanks around it.
    pub(crate) text: String,
    /// The paper it was read from.
    pub(crate) paper: Option<Scanned>,
}

impl Wanted {
    /// Reads what is searched for.
    pub(crate) async fn read(ask: &Ask, text: &str) -> Result<Self, Problem> {
        let text = text.trim().to_owned();
        if text.chars().count() > longest(&text) {
            return Err(Problem::BadRequest("a search that is too long"));
        }
        let paper = if text.is_empty() { None } else { paper(ask, &text).await? };
        Ok(Self { text, paper })
    }

    /// The number of a record: what a bill bears, or the text itself.
    pub(crate) fn record(&self) -> &str {
        match &self.paper {
            Some(Scanned::Record(_, number)) => number,
            _ => &self.text,
        }
    }

    /// The case for which the paper was issued.
    pub(crate) fn case(&self) -> Option<&str> {
        match &self.paper {
            Some(Scanned::Case(id)) => Some(id),
            _ => None,
        }
    }

    /// Words to look for in lists; none where the text is an address, which is in no list.
    pub(crate) fn words(&self) -> &str {
        if is_address(&self.text) { "" } else { &self.text }
    }
}

/// The paper that a text was read from.
async fn paper(ask: &Ask, text: &str) -> Result<Option<Scanned>, Problem> {
    let own = |part: &str| text.split_once(&format!("/{}{part}", ask.tenant().id)).map(|(_, rest)| rest);
    if let Some(bill) = own(BILL) {
        let path = bill.split(['?', '#']).next().unwrap_or_default();
        return Ok(path.split_once('/').map(|(registry, number)| Scanned::Record(registry.to_owned(), plain(number))));
    }
    let code = own(PAPER).unwrap_or(text).split(['?', '#', '/']).next().unwrap_or_default();
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let sealed = Sealed::open(code, ask.app.keys.verifying()).ok().filter(|sealed| sealed.tenant == ask.tenant().id);
    let case = match sealed {
        None if Sealed::looks_like(code) => None,
        None => papers::by_code(&mut tx, &token::typed_code(code)).await?.map(|paper| paper.case),
        Some(sealed) if !sealed.code.is_empty() => {
            papers::by_code(&mut tx, &sealed.code).await?.map(|paper| paper.case)
        }
        Some(sealed) if sealed.kind == RECEIPT => receipts::find(&mut tx, &sealed.number).await?.map(|kept| kept.case),
        Some(sealed) => cases::id_of(&mut tx, &sealed.number).await?,
    };
    Ok(case.map(Scanned::Case))
}

/// A part of an address as it was before it was written into one.
fn plain(part: &str) -> String {
    let decoded = form_urlencoded::parse(format!("n={part}").as_bytes()).next().map(|(_, value)| value.into_owned());
    decoded.unwrap_or_default()
}
