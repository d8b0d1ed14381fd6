//! Why a request is not answered as it hoped: a refusal, something missing, or a fault.

use connectors::fault::Fault;
use engine::case::Refusal;

use crate::store;

/// Why not. Refusals and the like are told to people in full; of a fault they get a reference.
#[derive(Debug)]
pub enum Problem {
    /// The engine refused.
    Refused(Refusal),
    /// There is nothing here, or nothing that this person may see.
    NotFound,
    /// Somebody must sign in first.
    SignIn,
    /// It is not for this person.
    Forbidden,
    /// Not yet: the mobile number was changed a short while ago.
    OnHold,
    /// The form is not one that was given to this browser, or its session ended meanwhile.
    Forged,
    /// The request makes no sense; why, for the log and the API.
    BadRequest(&'static str),
    /// A program put what it searches for into the address, where it would be kept.
    SearchInAddress,
    /// The body is of a kind that is not taken here.
    WrongType,
    /// The address is there, but not for this method.
    WrongMethod,
    /// More was sent than is taken.
    TooLarge,
    /// It took too long to arrive.
    TooSlow,
    /// Too often; seconds to wait.
    TooMany(i64),
    /// Somebody else was quicker, or it was done already.
    Conflict,
    /// The same key was used for another request.
    KeyReused,
    /// Somebody outside does not answer: the gateway, the file store, the database. Why, for the log alone.
    Unavailable(String),
    /// Something is wrong with us.
    Fault(anyhow::Error),
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotYourCase => Self::NotFound,
            refusal => Self::Refused(refusal),
        }
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Stale | store::Error::Lost => Self::Conflict,
            store::Error::Closed => Self::Refused(Refusal::BooksClosed),
            store::Error::Elsewhere => {
                tracing::error!(alarm = true, "rows of another town were asked for by whoever works for one");
                Self::NotFound
            }
            trouble if trouble.is_trouble() => Self::Unavailable(trouble.to_string()),
            other => Self::Fault(other.into()),
        }
    }
}

impl From<anyhow::Error> for Problem {
    /// A database in trouble stays what it is, whatever was said around it.
    fn from(error: anyhow::Error) -> Self {
        let in_trouble = |cause: &(dyn std::error::Error + 'static)| {
            cause.downcast_ref::<store::Error>().is_some_and(store::Error::is_trouble)
        };
        if error.chain().any(in_trouble) { Self::Unavailable(format!("{error:#}")) } else { Self::Fault(error) }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        if fault.is_temporary() {
            Self::Unavailable(fault.to_string())
        } else {
            Self::Fault(anyhow::anyhow!("{fault}"))
        }
    }
}

impl From<ui_gen::from_engine::typed::Repeated> for Problem {
    fn from(_: ui_gen::from_engine::typed::Repeated) -> Self {
        Self::BadRequest("a parameter is there twice")
    }
}

impl Problem {
    /// Its HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::Refused(refusal) => refusal_status(refusal),
            Self::NotFound => 404,
            Self::SignIn => 401,
            Self::Forbidden | Self::OnHold | Self::Forged => 403,
            Self::BadRequest(_) | Self::SearchInAddress => 400,
            Self::WrongType => 415,
            Self::WrongMethod => 405,
            Self::TooLarge => 413,
            Self::TooSlow => 408,
            Self::TooMany(_) => 429,
            Self::Conflict | Self::KeyReused => 409,
            Self::Unavailable(_) => 503,
            Self::Fault(_) => 500,
        }
    }

    /// Its name, for the API.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Refused(refusal) => refusal.word(),
            Self::NotFound => "not_found",
            Self::SignIn => "sign_in",
            Self::Forbidden => "forbidden",
            Self::OnHold => "on_hold",
            Self::Forged => "forged",
            Self::BadRequest(_) => "bad_request",
            Self::SearchInAddress => "search_in_address",
            Self::WrongType => "wrong_type",
            Self::WrongMethod => "wrong_method",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::TooMany(_) => "too_many",
            Self::Conflict => "changed_meanwhile",
            Self::KeyReused => "key_reused",
            Self::Unavailable(_) => "unavailable",
            Self::Fault(_) => "fault",
        }
    }
}

fn refusal_status(refusal: &Refusal) -> u16 {
    match refusal {
        Refusal::NotYourRole
        | Refusal::OwnCase
        | Refusal::SamePersonActedBefore
        | Refusal::SamePersonAsked
        | Refusal::AbovePower(_) => 403,
        Refusal::NotYourCase | Refusal::NoSuchPage(_) | Refusal::NoSuchReceipt | Refusal::NoSuchFile => 404,
        Refusal::NoSuchAction(_)
        | Refusal::NotInThisCase
        | Refusal::NotOffered(_)
        | Refusal::TooLate
        | Refusal::NotYet
        | Refusal::BilledBefore
        | Refusal::ChangedMeanwhile
        | Refusal::NotEditable
        | Refusal::RecordNotFit
        | Refusal::NotOnThisRecord(_)
        | Refusal::NumberNotFree(_)
        | Refusal::NothingToPay
        | Refusal::MayNotBeLowered
        | Refusal::NoInstrument
        | Refusal::LaterReceipt
        | Refusal::RefundedBefore
        | Refusal::NoTill
        | Refusal::TillOfAnotherDay
        | Refusal::BooksClosed
        | Refusal::NothingToRefund
        | Refusal::StockEmpty
        | Refusal::NotYours
        | Refusal::SlotTaken(_)
        | Refusal::SlotBlocked(_) => 409,
        Refusal::CommentMissing
        | Refusal::CommentTooLong(_)
        | Refusal::IdentityNumber(_)
        | Refusal::AssigneeMissing
        | Refusal::AssigneeCannotAct
        | Refusal::Answers(_)
        | Refusal::FeeNotComputed(_)
        | Refusal::Declined(_)
        | Refusal::NotTheWholeAmount(_)
        | Refusal::LessThanTheLeast(_)
        | Refusal::UnknownMode
        | Refusal::InstrumentNotFit(_)
        | Refusal::ReferenceMissing
        | Refusal::SlotClosed(_)
        | Refusal::SlotTooEarly(_)
        | Refusal::SlotTooFar(_)
        | Refusal::SlotUnknown
        | Refusal::NumberNotInStock
        | Refusal::NotAnAmount => 422,
    }
}
