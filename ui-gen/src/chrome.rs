//! What surrounds every page: head, header, footer, and what every form must carry.

use serde::Serialize;

use crate::view::common::{Link, NavLink, Notice};

/// Everything about a page that is not its own content.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Chrome {
    /// Language of the page, a BCP 47 tag: `hi`, `en`.
    pub lang: String,
    /// Writing direction: `ltr` or `rtl`.
    pub dir: String,
    /// The other languages in which this page can be read.
    pub languages: Vec<Language>,
    /// Whose page it is: the town, or the state where no town is chosen yet.
    pub town: Town,
    /// Address of the style sheet in the town's colour (made by [`crate::css`]), `/assets/devgaon.css?v=`
    /// and its [`crate::tag`]; empty for the plain one.
    pub style_href: String,
    /// The person signed in, if any.
    pub person: Option<Person>,
    /// When that ends if nothing more is done.
    pub session: Option<Session>,
    /// Token against forged requests: every form carries it as `_csrf`.
    pub csrf: String,
    /// A fresh idempotency key: every form that changes something carries it as `_key`.
    pub key: String,
    /// Replaces the page's own title in the browser's tab, where a page needs it.
    pub title: Option<String>,
    /// Where the back link leads; none draws no link.
    pub back: Option<String>,
    /// Path of this page, without the query.
    pub path: String,
    /// Whether this is a page of the desk or of an implementer: wider, denser, with its own menu.
    pub staff: bool,
    /// The desk's menu, or the citizen's (my applications, track, verify).
    pub nav: Vec<NavLink>,
    /// Problems of the definitions, to be looked at; for those who write them, while files are watched.
    pub problems: Option<Link>,
    /// Short messages about what has just happened, or announcements.
    pub notices: Vec<Notice>,
    /// Version of the product, shown in the footer.
    pub version: String,
    /// Day on which the service's words were last changed, formatted; empty for none.
    pub updated: String,
}

/// A language the page can be switched to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Language {
    /// BCP 47 tag: `hi`.
    pub code: String,
    /// The language's name in itself: `हिन्दी`.
    pub name: String,
    /// The same page in that language, as in `/devgaon?lang=hi`.
    pub href: String,
}

/// The town (or state) that a page belongs to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Town {
    /// Prefix of its addresses, `/devgaon`; empty where no town is chosen.
    pub base: String,
    /// Its name in the page's language.
    pub name: String,
    /// The line beneath: the kind of body and the state, in the page's language.
    pub line: String,
    /// Its emblem as SVG source. Written as it is: the definition's checker must have passed it.
    pub emblem: String,
    /// What the emblem shows, for those who do not see it.
    pub emblem_alt: String,
}

/// Who is signed in.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Person {
    /// Name, or a masked mobile number.
    pub name: String,
    /// Role at the desk; empty for a citizen.
    pub role: String,
    /// Where the sign-out form posts.
    pub sign_out: String,
}

/// How long somebody stays signed in.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Session {
    /// When it ends, formatted.
    pub ends: String,
    /// Seconds until then, for the dialog that warns a few minutes before.
    pub left: String,
    /// Where the form posts that makes it last longer.
    pub stay: String,
}
