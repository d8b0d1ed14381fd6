//! Before an application: choosing a town, finding a service, reading about it, signing in.

use serde::Serialize;

use super::common::{Link, Row};
use super::field::FieldView;
use super::money::{Bill, BillLine};

/// `/`: choose a town.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ChooseTown {
    /// Name of the state or country whose towns these are.
    pub state: String,
    /// What was searched for.
    pub query: String,
    /// Towns that fit, by district.
    pub groups: Vec<TownGroup>,
    /// How many towns there are in all.
    pub total: String,
    /// The town chosen the last time, if any.
    pub last: Option<Link>,
}

/// The towns of one district.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TownGroup {
    /// The district.
    pub title: String,
    /// Its towns.
    pub towns: Vec<TownLink>,
}

/// A town to be chosen.
#[derive(Debug, Clone, Default, Serialize)]
pub struct TownLink {
    /// Its front page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// The kind of body: municipal corporation, council…
    pub note: String,
}

/// `/{tenant}`: what the town offers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Catalogue {
    /// The few things most people come for.
    pub top: Vec<ServiceLink>,
    /// Every service, by group.
    pub groups: Vec<ServiceGroup>,
    /// What was searched for.
    pub query: String,
    /// Whether nothing fits the search.
    pub empty: bool,
    /// What the town announces.
    pub announcements: Vec<String>,
    /// The newest of public lists that stand on the front page, each list a group.
    pub news: Vec<NewsGroup>,
}

/// The newest records of a public list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NewsGroup {
    /// What the list is called.
    pub title: String,
    /// All of it.
    pub href: String,
    /// The newest.
    pub news: Vec<ServiceLink>,
}

/// Services of one department or subject.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ServiceGroup {
    /// The subject.
    pub title: String,
    /// Its services.
    pub services: Vec<ServiceLink>,
}

/// A service in the catalogue.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ServiceLink {
    /// Its start page.
    pub href: String,
    /// Its name.
    pub title: String,
    /// What it is for, in a sentence.
    pub text: String,
    /// Fee and time limit in a few words; empty for none.
    pub note: String,
}

/// `/{tenant}/services/{service}`: what to know before starting.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ServiceStart {
    /// The service.
    pub title: String,
    /// What it is, a paragraph each.
    pub about: Vec<String>,
    /// Who can apply.
    pub who: Vec<String>,
    /// Whether it costs anything.
    pub charged: bool,
    /// What it costs in an example; none where none can be reckoned.
    pub fee: Option<FeeExample>,
    /// Where the fee can be reckoned; empty where it cannot.
    pub calculator: String,
    /// Where one sees what is free; none where nothing is reserved.
    pub calendars: Vec<Link>,
    /// What to have at hand.
    pub documents: Vec<DocumentNeeded>,
    /// The time the law gives, as *30 working days*; empty for none.
    pub time_limit: String,
    /// The law or order that gives it; empty for none.
    pub statute: String,
    /// Who answers for it and who hears appeals, by post.
    pub officers: Vec<Row>,
    /// Other ways to apply: address and hours of the counter, a line each.
    pub counter: Vec<String>,
    /// Applications begun and not yet sent.
    pub drafts: Vec<Draft>,
    /// What is asked before the start: the number of the record it is about. Empty for nothing.
    pub record: Vec<FieldView>,
    /// Where the start button posts.
    pub action: String,
}

/// The fee of an example.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FeeExample {
    /// The answers on which it depends.
    pub answers: Vec<Row>,
    /// What it is made of.
    pub lines: Vec<BillLine>,
    /// The sum.
    pub total: String,
    /// Rates in force and their authority; empty for none.
    pub authority: String,
}

/// A document that is asked for.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DocumentNeeded {
    /// Its name.
    pub title: String,
    /// When it is needed, or in which form; empty for none.
    pub note: String,
}

/// An application begun and not yet sent.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Draft {
    /// Where to go on.
    pub href: String,
    /// What it is for.
    pub title: String,
    /// When it was last saved.
    pub saved: String,
}

/// `/{tenant}/sign-in`: the mobile number.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SignIn {
    /// Where the form posts.
    pub action: String,
    /// As typed.
    pub mobile: String,
    /// What is wrong with it; empty for nothing.
    pub error: String,
    /// The page to come back to.
    pub next: String,
    /// Where one can apply without a mobile; a line each.
    pub counter: Vec<String>,
}

/// `/{tenant}/sign-in/code`: the code that was sent.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SignInCode {
    /// The code, as far as it was typed.
    pub code: String,
    /// Where the form posts.
    pub action: String,
    /// Where it was sent, and for how long it holds, in words.
    pub hint: String,
    /// What is wrong with the code; empty for nothing.
    pub error: String,
    /// In words, how long to wait before another code can be sent; empty when it can be now.
    pub wait: String,
    /// Where *send again* posts.
    pub again: String,
    /// The page for another number.
    pub other: Link,
    /// The page to come back to.
    pub next: String,
    /// Whether the reader is asked if this device is to be known.
    pub device: bool,
    /// Whether that box was ticked.
    pub trusted: bool,
    /// The code itself, shown only by a demonstration that sends no messages; empty otherwise.
    pub demo_code: String,
}

/// `/{tenant}/feedback`: how the reader found the pages or a service.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Feedback {
    /// Where the form posts.
    pub action: String,
    /// The name of the service it is about; empty for the pages as such.
    pub service: String,
    /// Stars and words.
    pub fields: Vec<FieldView>,
}

/// `/{tenant}/my/profile`: who the citizen is, and what is done with his data.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Profile {
    /// Where the form posts.
    pub action: String,
    /// Name, mail address, language, and the box under the notice.
    pub fields: Vec<FieldView>,
    /// What is kept, why, how long, what can be asked and where to complain.
    pub notice: Vec<Row>,
    /// When the present notice was read, in words; empty where it was not yet.
    pub read: String,
    /// The page to come back to.
    pub next: String,
}

/// `/{tenant}/services/{service}/fee`: what it would cost.
#[derive(Debug, Clone, Default, Serialize)]
pub struct FeeCalculator {
    /// The service.
    pub service: String,
    /// Where the form leads (GET).
    pub action: String,
    /// Conditional questions that are on the page.
    pub seen: String,
    /// The questions on which the fee depends.
    pub fields: Vec<FieldView>,
    /// The fee, once everything is answered.
    pub bill: Option<Bill>,
    /// Whose rates they are, and since when.
    pub authority: String,
    /// Why the rule gave no amount for these answers; empty where it gave one.
    pub failed: String,
    /// The service's start page.
    pub start: String,
}
