//! What is typed to look for somebody stands sealed in the address, since addresses are kept: by the browser, in
//! bookmarks, and in the logs of whoever stands in front.
//!
//! The form is posted. What was typed is closed for the town, and the browser is sent on to the list with that in its
//! address: so the address is the view all the same, and paging, sorting, files and links that are kept carry it. It
//! opens in its own town alone, and for as long as the installation keeps its secret; afterwards nothing is looked for,
//! and the page says so.
//!
//! An address with plain words is answered as well: letters, other programs and lists that were kept before have such.
//! Whether a word tells of somebody cannot be told from the word, so each is sealed and the browser sent on: nothing
//! that the page then shows repeats it. A program of the API is refused plain words: it can send a body as well.

use ui_gen::view::common::Tone;

use super::ask::{Answer, Ask, Shown};
use super::limits;
use crate::auth::{closed, token};
use crate::problem::Problem;

/// What sealed words begin with. Nobody types so many letters behind it.
const MARK: &str = "s.";
/// Characters of the shortest that can be sealed: a nonce, a tag and one octet.
const SHORTEST: usize = 39;

/// What an address says is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sought {
    /// The words, as they stand in addresses; empty for none.
    pub(crate) sealed: String,
    /// The words, as they were typed.
    pub(crate) words: String,
    /// Whether there were words that cannot be read any more.
    pub(crate) lost: bool,
}

impl Sought {
    /// What stands under `name` in the address of the page.
    pub(crate) fn read(ask: &Ask, name: &str) -> Result<Self, Problem> {
        Self::of(ask, name, ask.query(name)?)
    }

    /// What `text` says that was sent as `name`: sealed, or as it was typed.
    pub(crate) fn of(ask: &Ask, name: &str, text: &str) -> Result<Self, Problem> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::default());
        }
        if !is_sealed(text) {
            return Ok(Self { sealed: seal(ask, name, text)?, words: text.to_owned(), lost: false });
        }
        Ok(match open(ask, name, text) {
            Some(words) => Self { sealed: text.to_owned(), words, lost: false },
            None => Self { lost: true, ..Self::default() },
        })
    }

    /// The page, which says so if the words cannot be read any more.
    pub(crate) fn told<'a>(&self, ask: &'a Ask, page: Shown<'a>) -> Shown<'a> {
        if self.lost { page.notice(Tone::Warn, ask.words().get("search.lost")) } else { page }
    }
}

/// Whether a text is what stands for words in an address.
pub(crate) fn is_sealed(text: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    text.strip_prefix(MARK).is_some_and(|rest| rest.len() >= SHORTEST && rest.bytes().all(letter))
}

/// The address of the page with the words under `name` sealed, where they stand there as they were typed.
pub(crate) fn sealed_address(ask: &Ask, name: &str) -> Result<Option<String>, Problem> {
    let text = ask.query(name)?.trim();
    if text.is_empty() || is_sealed(text) {
        return Ok(None);
    }
    let sealed = seal(ask, name, text)?;
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (key, values) in &ask.query {
        for value in values {
            query.append_pair(key, if key == name { &sealed } else { value });
        }
    }
    Ok(Some(format!("{}?{}", ask.path, query.finish())))
}

/// `POST` to a list whose form asks for words alone: the same list, with the words sealed in its address.
pub(crate) async fn take(ask: &Ask) -> Answer {
    let sought = Sought::of(ask, "q", ask.field("q")?)?;
    ask.redirect(&address(&ask.path, &[("q", &sought.sealed)]))
}

/// An address with those parameters that say something.
pub(crate) fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in parameters.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The key of the town's searches. It is of its own, so that nothing else that the installation closes shares a nonce
/// with what strangers may have sealed as often as they like.
fn key(ask: &Ask) -> [u8; 32] {
    token::mac(ask.app.keys.secret(), "sought", &[ask.tenant().id.as_str()])
}

fn seal(ask: &Ask, name: &str, words: &str) -> Result<String, Problem> {
    // What is scanned is the longest that can be looked for; each page has its own limit besides.
    if words.chars().count() > limits::SCANNED {
        return Err(Problem::BadRequest("a search that is too long"));
    }
    let closed = closed::close(&key(ask), &ask.app.chance, &whose(ask, name), words.as_bytes())?;
    Ok(format!("{MARK}{closed}"))
}

fn open(ask: &Ask, name: &str, sealed: &str) -> Option<String> {
    let plain = closed::open(&key(ask), &whose(ask, name), sealed.strip_prefix(MARK)?)?;
    String::from_utf8(plain).ok()
}

/// The town and the question that words belong to.
fn whose<'a>(ask: &'a Ask, name: &'a str) -> [&'a str; 3] {
    ["sought", ask.tenant().id.as_str(), name]
}
