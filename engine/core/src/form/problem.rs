//! What can be wrong with an answer.

use crate::base::Text;
use crate::identity::Whole;

/// What is wrong with one answer. `path` is dotted: `owners.0.mobile`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// Which answer.
    pub path: String,
    /// What is wrong; pages have words for each.
    pub problem: Problem,
}

/// What can be wrong with an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was answered.
    Missing,
    /// Not of the kind that is asked for (text where a number is, an impossible day…).
    WrongKind,
    /// Too short; the least.
    TooShort(usize),
    /// Too long; the most.
    TooLong(usize),
    /// Too small, with the least as people write it.
    TooSmall(String),
    /// Too large, with the most as people write it.
    TooLarge(String),
    /// More decimals than allowed.
    TooManyDecimals(u32),
    /// Not one of the options.
    NotAnOption,
    /// Too few; the least.
    TooFew(usize),
    /// Too many; the most.
    TooMany(usize),
    /// Does not fit the pattern; an example that does.
    DoesNotFit(String),
    /// Not a mobile number.
    NotAPhone,
    /// Not a mail address.
    NotAnEmail,
    /// No record has this number.
    NoSuchRecord,
    /// The record does not count for a while.
    RecordSuspended,
    /// The record has expired, or was ended.
    RecordEnded,
    /// A file of another kind; the kinds that may be sent.
    WrongFileKind(String),
    /// The file is too big; the most in bytes.
    FileTooBig(u64),
    /// Nobody asked this.
    NotAsked,
    /// Not confirmed.
    NotConfirmed,
    /// Has a character that cannot be seen: a control character, or one that reorders text.
    BadCharacter,
    /// Has a whole number by which a person is known; which, and how it may be written.
    IdentityNumber(Whole),
    /// Does not fit other answers; what the author of the form says to that.
    Disagrees(Text),
    /// An item of a list that is like another where they must differ; which one, from one.
    Repeated(usize),
}

impl Problem {
    /// Its name, as the API writes it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::WrongKind => "wrong_kind",
            Self::TooShort(_) => "too_short",
            Self::TooLong(_) => "too_long",
            Self::TooSmall(_) => "too_small",
            Self::TooLarge(_) => "too_large",
            Self::TooManyDecimals(_) => "too_many_decimals",
            Self::NotAnOption => "not_an_option",
            Self::TooFew(_) => "too_few",
            Self::TooMany(_) => "too_many",
            Self::DoesNotFit(_) => "does_not_fit",
            Self::NotAPhone => "not_a_phone",
            Self::NotAnEmail => "not_an_email",
            Self::NoSuchRecord => "no_such_record",
            Self::RecordSuspended => "record_suspended",
            Self::RecordEnded => "record_ended",
            Self::WrongFileKind(_) => "wrong_file_kind",
            Self::FileTooBig(_) => "file_too_big",
            Self::NotAsked => "not_asked",
            Self::NotConfirmed => "not_confirmed",
            Self::BadCharacter => "bad_character",
            Self::IdentityNumber(_) => "identity_number",
            Self::Disagrees(_) => "disagrees",
            Self::Repeated(_) => "repeated",
        }
    }

    /// The limit that was passed, or the example that would fit.
    pub fn limit(&self) -> Option<String> {
        match self {
            Self::TooShort(count)
            | Self::TooLong(count)
            | Self::TooFew(count)
            | Self::TooMany(count)
            | Self::Repeated(count) => Some(count.to_string()),
            Self::TooSmall(text) | Self::TooLarge(text) | Self::DoesNotFit(text) | Self::WrongFileKind(text) => {
                Some(text.clone())
            }
            Self::IdentityNumber(whole) => Some(whole.example.clone()),
            Self::TooManyDecimals(places) => Some(places.to_string()),
            Self::FileTooBig(bytes) => Some(bytes.to_string()),
            Self::Missing
            | Self::WrongKind
            | Self::NotAnOption
            | Self::NotAPhone
            | Self::NotAnEmail
            | Self::NoSuchRecord
            | Self::RecordSuspended
            | Self::RecordEnded
            | Self::NotAsked
            | Self::NotConfirmed
            | Self::BadCharacter
            | Self::Disagrees(_) => None,
        }
    }

    /// What the author of the form says to it, where that is not left to the words of pages.
    pub fn words(&self) -> Option<&Text> {
        if let Self::Disagrees(text) = self { Some(text) } else { None }
    }
}
