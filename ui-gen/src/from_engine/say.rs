//! The words for what is wrong with an answer.

use engine::form::{Field, Kind, Problem};

use crate::words::Words;

/// The most characters of a label that stands in an error as the name of its question.
const NAME_CHARS: usize = 60;

/// What is wrong and what to do, in the reader's language.
pub fn problem(words: &Words, field: &Field, problem: &Problem) -> String {
    let label = field.label.in_language(words.lang());
    let label = label.trim_end_matches(['?', '？', ' ']);
    let say = |key: &str, n: &str| words.say(&format!("answer.{key}"), &[("label", label), ("n", n)]);
    match problem {
        Problem::Missing | Problem::NotConfirmed if is_long_declaration(field, label) => say("not_declared", ""),
        Problem::Missing => say(missing(&field.kind), ""),
        Problem::WrongKind => say(wrong(&field.kind), ""),
        Problem::TooShort(n) => say("too_short", &n.to_string()),
        Problem::TooLong(n) => say("too_long", &n.to_string()),
        Problem::TooSmall(n) if is_date(field) => say("too_early", n),
        Problem::TooLarge(n) if is_date(field) => say("too_late", n),
        Problem::TooSmall(n) => say("too_small", n),
        Problem::TooLarge(n) => say("too_large", n),
        Problem::TooManyDecimals(n) => say("too_many_decimals", &n.to_string()),
        Problem::NotAnOption => say("not_an_option", ""),
        Problem::TooFew(n) => say("too_few", &n.to_string()),
        Problem::TooMany(n) => say("too_many", &n.to_string()),
        Problem::DoesNotFit(example) => say("does_not_fit", example),
        Problem::NotAPhone => say("not_a_phone", ""),
        Problem::NotAnEmail => say("not_an_email", ""),
        Problem::NoSuchRecord => say("no_such_record", ""),
        Problem::RecordSuspended => say("record_suspended", ""),
        Problem::RecordEnded => say("record_ended", ""),
        Problem::WrongFileKind(kinds) => say("wrong_file_kind", &kind_names(kinds)),
        Problem::FileTooBig(bytes) => say("file_too_big", &size(*bytes)),
        Problem::NotAsked => say("not_asked", ""),
        Problem::NotConfirmed => say("not_confirmed", ""),
        Problem::BadCharacter => say("bad_character", ""),
        Problem::IdentityNumber(whole) => {
            let what = whole.title.in_language(words.lang());
            words.say("answer.identity_number", &[("label", label), ("what", what), ("n", &whole.example)])
        }
        Problem::Disagrees(text) => text.in_language(words.lang()).to_owned(),
        Problem::Repeated(n) => say("repeated", &n.to_string()),
    }
}

/// Whether what is declared is longer than the name of a question: then the error does not repeat it.
fn is_long_declaration(field: &Field, label: &str) -> bool {
    matches!(field.kind, Kind::Declaration) && label.chars().count() > NAME_CHARS
}

fn is_date(field: &Field) -> bool {
    matches!(field.kind, Kind::Date { .. })
}

fn missing(kind: &Kind) -> &'static str {
    match kind {
        Kind::Choice { .. } | Kind::Choices { .. } | Kind::Place { .. } | Kind::YesNo | Kind::Rating => {
            "missing_choice"
        }
        Kind::File { .. } | Kind::Photo { .. } => "missing_file",
        Kind::List { .. } => "missing_item",
        Kind::Declaration => "not_confirmed",
        _ => "missing",
    }
}

fn wrong(kind: &Kind) -> &'static str {
    match kind {
        Kind::Number { .. } | Kind::Rating => "wrong_number",
        Kind::Decimal { .. } => "wrong_decimal",
        Kind::Money { .. } => "wrong_money",
        Kind::Date { .. } => "wrong_date",
        Kind::Point => "wrong_point",
        _ => "not_an_option",
    }
}

/// Kinds of files as people call them: *JPG* for `jpeg`.
pub fn kind_names(kinds: &str) -> String {
    kinds.replace("jpeg", "jpg").to_uppercase()
}

/// What a file may be, as people read it: *PDF, JPG, up to 5 MB*.
pub fn file_limits(words: &Words, kinds: &[String], max_bytes: u64) -> String {
    let names: Vec<String> = kinds.iter().map(|kind| kind_names(kind)).collect();
    words.say("answer.file_limits", &[("kinds", &names.join(", ")), ("size", &size(max_bytes))])
}

/// A size as people read it: `85 kB`, `5 MB`.
pub fn size(bytes: u64) -> String {
    if bytes >= 1 << 20 {
        let tenths = bytes * 10 / (1 << 20);
        if tenths.is_multiple_of(10) {
            format!("{} MB", tenths / 10)
        } else {
            format!("{}.{} MB", tenths / 10, tenths % 10)
        }
    } else {
        format!("{} kB", bytes.div_ceil(1024))
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(5 << 20), "5 MB");
        assert_eq!(size((5 << 20) + (1 << 19)), "5.5 MB");
        assert_eq!(size(1), "1 kB");
    }
}
