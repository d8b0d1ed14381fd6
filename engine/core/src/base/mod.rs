//! The nouns under everything: money, days, names, words in several languages, and every limit.

pub mod calendar;
pub mod date;
pub mod fold;
pub mod format;
pub mod in_words;
pub mod limits;
pub mod lookalike;
pub mod money;
pub mod name;
pub mod text;
pub mod value;

pub use calendar::Calendar;
pub use date::{Day, Moment, Span};
pub use money::Money;
pub use name::Name;
pub use text::{Few, Text};
pub use value::{Answers, Value};
