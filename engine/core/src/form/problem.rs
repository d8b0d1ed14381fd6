//! What can be wrong with an answer.

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
}
