//! The desk: signing in, home, one case, an action before it is taken, one's own work.

use serde::Serialize;

use super::common::{ActionLink, Due, ErrorLink, Happening, Link, NavLink, Paper, Row, Section, Sent, Tag, Tone};
use super::field::FieldView;
use super::money::{Bill, Demand, ReceiptLine, Voucher};

/// `/{tenant}/desk/sign-in`
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskSignIn {
    /// Where the form posts.
    pub action: String,
    /// As typed.
    pub user: String,
    /// What is wrong; the page never says which of the two it was. Empty for nothing.
    pub error: String,
    /// The page to come back to.
    pub next: String,
    /// Where else one may sign in: at an identity provider.
    pub others: Vec<Link>,
    /// Sign-ins that a demonstration shows; none otherwise.
    pub demo: Vec<DemoSignIn>,
}

/// A sign-in of the demonstration.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DemoSignIn {
    /// The post.
    pub role: String,
    /// The user's name.
    pub user: String,
    /// The password.
    pub password: String,
}

/// `/{tenant}/desk`: what waits for me.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskHome {
    /// The officer's name.
    pub name: String,
    /// Posts held here.
    pub roles: Vec<String>,
    /// The sign-in before this one, formatted; empty for none.
    pub last_sign_in: String,
    /// A card for each service in which something waits.
    pub services: Vec<DeskService>,
    /// The inboxes of the other services.
    pub quiet: Vec<Link>,
    /// Shortcuts: collect, registers, my work.
    pub links: Vec<ActionLink>,
    /// Services for which an application can be written at the counter.
    pub assist: Vec<ActionLink>,
    /// Applications that were begun at the counter and are not yet sent.
    pub drafts: Vec<super::home::Draft>,
    /// The few that are due first.
    pub first: Vec<super::inbox::InboxRow>,
}

/// One service on the desk's home.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskService {
    /// The service.
    pub title: String,
    /// Its inbox.
    pub href: String,
    /// Mine, unassigned, nearly due, overdue, sent back.
    pub counts: Vec<DeskCount>,
}

/// A figure that opens the list behind it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskCount {
    /// What is counted.
    pub label: String,
    /// How many, formatted.
    pub count: String,
    /// The list.
    pub href: String,
    /// Its colour, where the count is not zero.
    pub tone: Tone,
}

/// Who and what a case is, in a bar on top.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Identity {
    /// Number of the case.
    pub number: String,
    /// The service.
    pub service: String,
    /// The applicant, as far as the reader may see.
    pub applicant: String,
    /// Ward and locality.
    pub place: String,
    /// Where it stands.
    pub state: Tag,
    /// Who has it, or what it waits for, in words; empty where it has ended.
    pub whose: String,
    /// By when.
    pub due: Option<Due>,
    /// Running, or paused and why.
    pub clock: String,
    /// The case's own page at the desk.
    pub href: String,
}

/// `/{tenant}/desk/cases/{case}`
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskCase {
    /// The bar on top.
    pub identity: Identity,
    /// Summary, form, documents, fee and payments, messages, timeline, audit.
    pub tabs: Vec<NavLink>,
    /// What the chosen tab shows.
    pub tab: DeskTab,
    /// What may be done now.
    pub actions: Vec<ActionLink>,
    /// What may not, and why.
    pub blocked: Vec<Blocked>,
    /// To whom it can be given; none where it cannot.
    pub assign: Option<Assign>,
    /// Writing a note; none where the reader may not.
    pub note: Option<Box<Note>>,
    /// Asking to see what is masked; none where nothing is.
    pub unmask: Option<Box<Unmask>>,
    /// Where all boxes together post when the page is read in another language; empty where there are none.
    pub typed_to: String,
    /// Cases that look alike.
    pub similar: Vec<Link>,
    /// The case that opened it and those that it opened, each with where it stands.
    pub family: Vec<Row>,
}

/// What a tab shows.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[expect(clippy::large_enum_variant, reason = "one is made for a request, drawn and dropped")]
pub enum DeskTab {
    /// Answers, in sections: summary and form alike.
    Sections {
        /// The sections.
        sections: Vec<Section>,
        /// Bill, where the summary shows it.
        bill: Option<Bill>,
        /// What was corrected since it was handed in, and what differs from the record, where the summary
        /// shows it.
        changes: Vec<Changes>,
        /// What the applicant declared, beside what officers measured.
        declared: Vec<Section>,
    },
    /// Documents, one opened.
    Documents {
        /// All of them.
        papers: Vec<DeskPaper>,
        /// The one that is open.
        open: Option<OpenPaper>,
    },
    /// Demands, receipts and vouchers.
    Money {
        /// What was asked for.
        demands: Vec<Demand>,
        /// What came.
        receipts: Vec<ReceiptLine>,
        /// What was posted.
        vouchers: Vec<Voucher>,
    },
    /// Cases that look alike, and how far the documents were looked at.
    Checks {
        /// By reason.
        groups: Vec<CheckGroup>,
        /// How many documents were looked at, in words; empty for none asked.
        documents: String,
    },
    /// What was sent.
    Messages {
        /// The latest first.
        messages: Vec<Sent>,
    },
    /// What happened.
    Timeline {
        /// The latest first.
        happenings: Vec<Happening>,
    },
    /// The chain of events.
    Audit {
        /// The latest first.
        events: Vec<AuditLine>,
    },
}

impl Default for DeskTab {
    fn default() -> Self {
        Self::Timeline { happenings: Vec::new() }
    }
}

/// Answers that are others than before.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Changes {
    /// What they differ from.
    pub title: String,
    /// Whether each row says who changed it.
    pub told_by: bool,
    /// The questions, in the order of their names.
    pub rows: Vec<Change>,
    /// The fee by the earlier answers and by the present ones, where both are known.
    pub fee: Option<(String, String)>,
}

/// A question that is answered differently now.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Change {
    /// The question.
    pub key: String,
    /// What was answered at first, a line each.
    pub before: Vec<String>,
    /// What is answered now, a line each.
    pub after: Vec<String>,
    /// Who changed it, and when; empty where that is not told.
    pub by: String,
}

/// Cases that look alike for one reason.
#[derive(Debug, Clone, Default, Serialize)]
pub struct CheckGroup {
    /// The reason.
    pub title: String,
    /// The cases.
    pub rows: Vec<super::inbox::InboxRow>,
}

/// How a document is looked at, and what is found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Viewer {
    /// Classes that size and turn an image.
    pub look: String,
    /// The sizes, each a link; none for what is framed.
    pub zooms: Vec<NavLink>,
    /// The link that turns an image by a quarter.
    pub turn: Option<NavLink>,
    /// What was found; none for what the town issued itself.
    pub examine: Option<Examine>,
}

/// What was found when a file was compared with the answers.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Examine {
    /// Fits, differs, not looked at.
    pub state: Tag,
    /// Who found it and when; empty for nobody yet.
    pub by: String,
    /// What was said; empty for nothing.
    pub reason: String,
    /// Where the form posts (field `verdict` = `fits` or `differs`); empty where the reader may not.
    pub action: String,
    /// The reason.
    pub field: FieldView,
}

/// A document in the desk's list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskPaper {
    /// The document.
    pub paper: Paper,
    /// The question it answers.
    pub asked: String,
    /// Verified, mismatch, not looked at.
    pub state: Tag,
    /// Whether it is the open one.
    pub current: bool,
}

/// The document that is open.
#[derive(Debug, Clone, Default, Serialize)]
pub struct OpenPaper {
    /// The document.
    pub paper: Paper,
    /// Whether it is an image; otherwise it is framed.
    pub image: bool,
    /// What was answered beside it.
    pub rows: Vec<Row>,
    /// How it is looked at.
    pub viewer: Viewer,
}

/// One event of the chain.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AuditLine {
    /// Its number within the case.
    pub seq: String,
    /// When, with seconds.
    pub when: String,
    /// Who: actor and role.
    pub who: String,
    /// The command.
    pub what: String,
    /// From state to state.
    pub moved: String,
    /// The first digits of its hash.
    pub hash: String,
}

/// Something that cannot be done now.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Blocked {
    /// The action's name.
    pub text: String,
    /// Why not: everything that does not fit.
    pub why: Vec<String>,
}

/// A note for the staff, or a message to the applicant.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Note {
    /// Where it posts (`audience` = `inside` or `applicant`).
    pub action: String,
    /// The words, named `text`.
    pub text: FieldView,
    /// Whether the applicant is to read it.
    pub to_applicant: bool,
}

/// Somebody who must see masked answers says why.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Unmask {
    /// Where it posts.
    pub action: String,
    /// Why, named `reason`.
    pub reason: FieldView,
}

/// Giving a case to somebody.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Assign {
    /// Where the forms post: `to` names who takes it, `release` returns it to the pool.
    pub action: String,
    /// Whether the reader can take it: the button sends `to` = the reader's id.
    pub claim: Option<String>,
    /// Whether it can be returned to the pool.
    pub release: bool,
    /// Who has the case after each of these, a sentence each.
    pub leads: Vec<String>,
    /// A select box of colleagues, named `to`; none where others may not be chosen.
    pub people: Option<FieldView>,
}

impl DeskCase {
    /// What can be typed on the page, in its order.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &FieldView> {
        let examine = if let DeskTab::Documents { open: Some(open), .. } = &self.tab {
            open.viewer.examine.as_ref()
        } else {
            None
        };
        let found = examine.map(|examine| &examine.field);
        let people = self.assign.as_ref().and_then(|assign| assign.people.as_ref());
        let note = self.note.as_ref().map(|note| &note.text);
        let reason = self.unmask.as_ref().map(|unmask| &unmask.reason);
        found.into_iter().chain(people).chain(note).chain(reason)
    }
}

/// `/{tenant}/desk/cases/{case}/act/{action}`: what it leads to, then do it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskAction {
    /// Names of questions on whose answers others depend, a space between them; empty for none.
    pub asks: String,
    /// The bar on top.
    pub identity: Identity,
    /// The action, as a heading.
    pub title: String,
    /// What it leads to.
    pub consequences: Consequences,
    /// What the applicant declared, where an officer answers questions of the office.
    pub declared: Vec<Section>,
    /// Sentences that the definition has ready for the comment, in the applicant's language.
    pub ready: Vec<super::choice::Opt>,
    /// Papers that follow, to be looked at as specimens.
    pub specimens: Vec<Paper>,
    /// What is asked with it: comment, reason, the officer's own questions.
    pub fields: Vec<FieldView>,
    /// Errors that belong to no field.
    pub errors: Vec<ErrorLink>,
    /// What a rule said that failed, for whoever writes rules; empty for nothing.
    pub technical: String,
    /// What is to be done next, where the page came back without a mistake; empty otherwise.
    pub advice: String,
    /// Where the form posts.
    pub action: String,
    /// The name of the button.
    pub submit: String,
    /// Why it cannot be done as the case stands, which stands in place of the button; empty where it can.
    pub hindered: String,
    /// Whether it refuses or cancels.
    pub danger: bool,
}

/// Everything an action leads to.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Consequences {
    /// Why nothing below but the states is known; empty where it is.
    pub unknown: String,
    /// The state before.
    pub from: Tag,
    /// The state after.
    pub to: Tag,
    /// Who will have it then, by role; empty for nobody.
    pub with_whom: String,
    /// Who is told what.
    pub told: Vec<Told>,
    /// The demand that is raised.
    pub bill: Option<Bill>,
    /// What is posted.
    pub vouchers: Vec<Voucher>,
    /// Records made or changed, papers issued, cases opened: a sentence each.
    pub makes: Vec<String>,
    /// Clocks that start, stop or pause: a sentence each.
    pub clocks: Vec<String>,
    /// Whether it can be undone.
    pub undo: bool,
    /// How, or why not.
    pub undo_text: String,
}

/// A message an action sends.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Told {
    /// To whom.
    pub whom: String,
    /// SMS, e-mail.
    pub channel: String,
    /// In which words.
    pub text: String,
    /// Language of the words, for the reader's software.
    pub lang: String,
}
