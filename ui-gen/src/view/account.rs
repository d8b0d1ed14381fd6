//! How somebody signs in: sessions and devices, passwords, authenticators.

use serde::Serialize;

use super::common::{ActionLink, Link, Pager, Row, Section};
use super::field::FieldView;

/// `/{tenant}/my/account`, `/{tenant}/desk/account`: how the reader signs in, and where from.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Account {
    /// User name or number, the second factor.
    pub rows: Vec<Row>,
    /// What can be changed.
    pub actions: Vec<ActionLink>,
    /// Where the reader is signed in, this browser first.
    pub sessions: Vec<SignedIn>,
    /// Whether there is another session than this one.
    pub others: bool,
    /// Devices on which no code is asked for.
    pub devices: Vec<SignedIn>,
    /// Where the forms post that end sessions and forget devices.
    pub end: String,
}

/// A session, or a device.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SignedIn {
    /// What the form sends to end it.
    pub key: String,
    /// The browser, in a few words.
    pub agent: String,
    /// Since when, formatted.
    pub since: String,
    /// When it was last used, formatted.
    pub seen: String,
    /// Whether it is the one being used.
    pub here: bool,
}

/// `/{tenant}/my/data/read`: everything that is kept about the reader.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MyData {
    /// What this is, in sentences.
    pub text: Vec<String>,
    /// The same for programs.
    pub actions: Vec<ActionLink>,
    /// The person, and what each town keeps.
    pub parts: Vec<MyDataPart>,
}

/// One thing that is kept: the person, or an application.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MyDataPart {
    /// The heading.
    pub title: String,
    /// What is kept of it.
    pub sections: Vec<Section>,
}

/// `/{tenant}/my/erasing`, `/{tenant}/desk/erasing`, `/{tenant}/desk/erasing/{request}`: what people ask to have erased,
/// what can be and what must be kept. `/{tenant}/desk/books`: what was done about closing the books,
/// `/{tenant}/desk/mismatches`: payments that are not what was asked, in the same shape.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Erasing {
    /// The heading.
    pub title: String,
    /// What this is, in sentences.
    pub text: Vec<String>,
    /// Requests and how they stand; what can be erased, and what must be kept.
    pub sections: Vec<Section>,
    /// Where the form posts; empty where there is nothing to ask or to decide.
    pub action: String,
    /// What is asked with it.
    pub fields: Vec<FieldView>,
    /// The name of the button.
    pub submit: String,
    /// Where to go without doing it.
    pub cancel: String,
    /// A list that is cut into pages.
    pub pager: Option<Pager>,
    /// The address of the list as a table; empty for none.
    pub csv: String,
}

/// `/{tenant}/desk/sign-in/second`, `/{tenant}/sign-in/second`: the code of the authenticator.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SecondCode {
    /// Where the form posts.
    pub action: String,
    /// What is wrong with the code; empty for nothing.
    pub error: String,
    /// What to do without the telephone.
    pub lost: String,
    /// The way back to the beginning.
    pub other: Link,
}

/// The authenticator is set up.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SecondFactor {
    /// Where the form posts.
    pub action: String,
    /// Why one is set up.
    pub text: String,
    /// What is wrong with the code; empty for nothing.
    pub error: String,
    /// The square pattern that the authenticator reads, as SVG.
    pub qr_svg: String,
    /// The secret, for typing it.
    pub secret: String,
    /// The way back.
    pub other: Link,
}

/// Recovery codes, shown once.
#[derive(Debug, Clone, Default, Serialize)]
pub struct RecoveryCodes {
    /// The codes.
    pub codes: Vec<String>,
    /// Where to go on.
    pub next: String,
}
