//! What someone or something asks of a case.

use crate::base::{Answers, Day, Name};
use crate::billing::Payment;
use crate::case::{Flag, TakeOver};
use crate::workflow::End;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person's key; `system` for the calendar and the gateway.
    pub person: String,
    /// What kind of actor.
    pub kind: ActorKind,
    /// Roles held now, in this tenant, for this service.
    pub roles: Vec<Name>,
}

/// Kinds of actors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A citizen: acts as applicant on own cases only.
    Citizen,
    /// An employee: acts in roles.
    Employee,
    /// An employee at the counter, who fills in and sends what the applicant says: as the applicant,
    /// until the case is handed in.
    Counter,
    /// The calendar, the gateway.
    System,
}

impl Actor {
    /// A program that was asked.
    pub fn program(name: &str) -> Self {
        Self { person: format!("program:{name}"), ..Self::system() }
    }

    /// The engine's own clock and callbacks.
    pub fn system() -> Self {
        Self { person: "system".to_owned(), kind: ActorKind::System, roles: Vec::new() }
    }
}

/// A person named to have the case, with the roles held now: the shell knows them, the engine asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignee {
    /// The person's key.
    pub person: String,
    /// Roles held in this tenant for this service.
    pub roles: Vec<Name>,
}

/// What is asked of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Keep these answers without moving the case: raw answers of one page (JSON object by field),
    /// checked as a page; problems are refused, nothing is kept.
    Save {
        /// The page.
        page: Name,
        /// Its answers, as JSON.
        answers: serde_json::Value,
    },
    /// The same of a page of the office, by an officer who says why what was answered is changed.
    Correct {
        /// The page.
        page: Name,
        /// Its answers, as JSON.
        answers: serde_json::Value,
        /// Why; may be empty where nothing was answered before.
        reason: String,
    },
    /// Keep the answers to all of the applicant's pages at once, as programs send them.
    Fill {
        /// Answers by field, as JSON.
        answers: serde_json::Value,
    },
    /// Take an action.
    Act {
        /// Its name.
        action: Name,
        /// What the actor says about it.
        comment: String,
        /// Answers of the page that the action asks, as JSON.
        answers: serde_json::Value,
        /// Who has the case next.
        assignee: Option<Assignee>,
        /// The version the actor was looking at; another one is refused.
        seen: Option<i64>,
        /// Pages and questions that the applicant is asked to correct.
        flags: Vec<Flag>,
    },
    /// Money came.
    Receive(Payment),
    /// Time passed: do what is due.
    Elapse,
    /// A period of `opens` began, of which this is a day: bill the record the case is about, once.
    Period {
        /// A day of the period.
        day: Day,
    },
    /// The case was just opened because something falls due for the record it is about: tell whom it concerns.
    Turn {
        /// The day on which it falls due.
        day: Day,
    },
    /// Go on under the definition that is decided by; what stands in the way was looked at before.
    Migrate {
        /// The digest of the definition that the case had until now.
        from: String,
    },
    /// A record of another register is taken over, with what is owed on it: the case is about it from now on.
    TakeOver(Box<TakeOver>),
    /// A case that this one opened has ended.
    Child {
        /// Its key.
        case: String,
        /// How it ended.
        end: End,
        /// The number of the record that it made.
        record: Option<String>,
    },
    /// The case that opened this one has ended: nobody needs it any more.
    Void {
        /// The last state to which it goes.
        to: Name,
    },
    /// A program has answered the page that it was asked to answer.
    Answered {
        /// The page.
        page: Name,
        /// The version of the case that asked.
        asked: i64,
        /// Its answers, as JSON.
        answers: serde_json::Value,
        /// Which program, and by what it went.
        by: ProgramUsed,
    },
    /// A program could not answer the page, and is not tried any more.
    Failed {
        /// The page.
        page: Name,
        /// The version of the case that asked.
        asked: i64,
        /// Why, for those who look after the installation.
        why: String,
    },
    /// Offer a draft to the person for whom it was written.
    Offer {
        /// The person; `None` takes it back.
        to: Option<String>,
    },
    /// Take over a draft that was offered, or say that it is none of one's own.
    TakeUp {
        /// Whether it is taken over.
        mine: bool,
        /// The language of whoever takes it over.
        language: String,
    },
    /// Give the case to a person, or back to the pool.
    Assign {
        /// To whom.
        to: Option<Assignee>,
    },
    /// Say something about the case.
    Note {
        /// What.
        text: String,
        /// Whether the applicant reads it.
        to_applicant: bool,
    },
    /// Say of a file that was answered with whether it bears out the answers.
    Examine {
        /// The key of the file.
        file: String,
        /// Whether it does.
        fits: bool,
        /// Why not, or what was seen.
        reason: String,
    },
    /// Take a receipt back: asked by one person, agreed by another.
    CancelReceipt {
        /// Its number.
        receipt: String,
        /// Why.
        reason: String,
        /// The person who asked; another than the actor.
        asked_by: String,
        /// The place, among the parts of its payment, of the cheque that the bank did not honour; nothing where it
        /// is taken back for another reason.
        dishonoured: Option<usize>,
    },
}

impl Command {
    /// The words that it carries besides answers.
    pub fn said(&self) -> Vec<&str> {
        match self {
            Self::Act { comment, flags, .. } => {
                std::iter::once(comment.as_str()).chain(flags.iter().map(|flag| flag.remark.as_str())).collect()
            }
            Self::Correct { reason, .. } | Self::Examine { reason, .. } | Self::CancelReceipt { reason, .. } => {
                vec![reason]
            }
            Self::Note { text, .. } => vec![text],
            _ => Vec::new(),
        }
    }

    /// Its name in the record of events.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Save { .. } => "save",
            Self::Correct { .. } => "correct",
            Self::Fill { .. } => "fill",
            Self::Act { .. } => "act",
            Self::Receive(_) => "receive",
            Self::Elapse => "elapse",
            Self::Period { .. } => "period",
            Self::Turn { .. } => "turn",
            Self::Migrate { .. } => "migrate",
            Self::TakeOver(_) => "take_over",
            Self::Child { .. } => "child",
            Self::Void { .. } => "void",
            Self::Answered { .. } => "answered",
            Self::Failed { .. } => "failed",
            Self::Offer { .. } => "offer",
            Self::TakeUp { .. } => "take_up",
            Self::Assign { .. } => "assign",
            Self::Note { .. } => "note",
            Self::Examine { .. } => "examine",
            Self::CancelReceipt { .. } => "cancel_receipt",
        }
    }
}

/// A program that answered: what it takes to find out later how it came to its answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramUsed {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The SHA-256 of the definition it went by.
    pub digest: String,
}

/// An empty set of answers, for commands that carry none.
pub fn no_answers() -> serde_json::Value {
    Answers::default().to_json()
}
