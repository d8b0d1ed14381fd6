//! How long a short message can become, and how it is kept that short.
//!
//! Every variable has room for so many characters; [`super::compose`] cuts longer values there.
//! So the length found when a definition is checked is the greatest there can ever be.

use serde_json::Value as Json;

use crate::form::{Form, Kind};
use crate::template::variables::VariableKind;
use crate::template::{Tag, TagKind, VARIABLES, scan};

/// Characters that any answer may fill.
const ANSWER_ROOM: usize = 30;

/// What the short messages of GSM can hold: 160 characters of its own small alphabet, or 70 of
/// any other (3GPP TS 23.038). Longer ones are sent in segments of 153 and 67.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// Characters, those that count double in GSM's alphabet counted double.
    pub(crate) characters: usize,
    /// Whether all fixed words are of GSM's alphabet.
    pub(crate) gsm: bool,
}

impl Size {
    /// In how many segments it travels.
    pub(crate) fn segments(self) -> usize {
        let (single, part) = if self.gsm { (160, 153) } else { (70, 67) };
        if self.characters <= single { 1 } else { self.characters.div_ceil(part) }
    }

    /// In how many it may.
    pub(crate) fn allowed(self) -> usize {
        if self.gsm { 1 } else { 2 }
    }
}

/// The length of `template` when every variable fills its room.
pub(crate) fn longest(template: &str, form: &Form) -> Size {
    let tags = scan(template).unwrap_or_default();
    let fixed = outside(template, &tags);
    let gsm = fixed.iter().all(|piece| piece.chars().all(|c| septets(c).is_some()));
    let count =
        |text: &str| text.chars().map(|c| if gsm { septets(c).unwrap_or(1) } else { c.len_utf16() }).sum::<usize>();
    // Of the two halves of a condition the longer one counts.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut now = count(fixed[0]);
    for (tag, after) in tags.iter().zip(&fixed[1..]) {
        match tag.kind {
            TagKind::Print => now += tag.words.first().map_or(0, |word| room(word.text, form)),
            TagKind::Open => open.push((std::mem::take(&mut now), 0)),
            TagKind::Else => {
                if let Some((_, first)) = open.last_mut() {
                    *first = std::mem::take(&mut now);
                }
            }
            TagKind::Close => {
                if let Some((before, first)) = open.pop() {
                    now = before + now.max(first);
                }
            }
            TagKind::Raw | TagKind::Include | TagKind::Comment => {}
        }
        now += count(after);
    }
    Size { characters: now, gsm }
}

fn outside<'a>(template: &'a str, tags: &[Tag<'_>]) -> Vec<&'a str> {
    let mut pieces = Vec::with_capacity(tags.len() + 1);
    let mut from = 0;
    for tag in tags {
        pieces.push(&template[from..tag.start]);
        from = tag.end;
    }
    pieces.push(&template[from..]);
    pieces
}

/// How many characters a variable may fill.
fn room(path: &str, form: &Form) -> usize {
    if let Some(name) = path.strip_prefix("answers.") {
        let field = form.all_pages().flat_map(|page| &page.fields).find(|field| field.name == *name);
        return match field.map(|field| &field.kind) {
            Some(Kind::Text { max_length, .. }) => ANSWER_ROOM.min(*max_length),
            Some(Kind::Date { .. } | Kind::Phone) => 10,
            Some(Kind::Number { .. } | Kind::Decimal { .. } | Kind::Money { .. }) => 14,
            Some(Kind::YesNo | Kind::Rating) => 4,
            _ => ANSWER_ROOM,
        };
    }
    VARIABLES.iter().find(|variable| variable.name == path).map_or(0, |variable| variable.room)
}

/// Cuts every value to its room.
pub(crate) fn cut(data: &Json) -> Json {
    let mut cut = data.clone();
    for variable in VARIABLES.iter().filter(|variable| variable.room > 0) {
        // A link that is cut leads nowhere: the shell keeps links short instead.
        if variable.kind != VariableKind::Link
            && let Some(value) = cut.pointer_mut(&format!("/{}", variable.name.replace('.', "/")))
        {
            shorten(value, variable.room);
        }
    }
    if let Some(Json::Object(answers)) = cut.get_mut("answers") {
        answers.values_mut().for_each(|value| shorten(value, ANSWER_ROOM));
    }
    cut
}

fn shorten(value: &mut Json, room: usize) {
    if let Json::String(text) = value
        && text.chars().count() > room
    {
        let kept: String = text.chars().take(room - 2).collect();
        *value = Json::String(format!("{}..", kept.trim_end()));
    }
}

/// How many of GSM's seven-bit places a character takes; `None` if its alphabet lacks it.
fn septets(c: char) -> Option<usize> {
    const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    if BASIC.contains(c) { Some(1) } else { "\u{c}^{}\\[~]|€".contains(c).then_some(2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(template: &str) -> (usize, bool, usize) {
        let size = longest(template, &Form::default());
        (size.characters, size.gsm, size.segments())
    }

    #[test]
    fn counts_what_a_variable_may_fill() {
        assert_eq!(size("Paid."), (5, true, 1));
        assert_eq!(size("{{number}}: {{demand.total}}"), (24 + 2 + 12, true, 1));
        assert_eq!(size("[€]"), (6, true, 1));
        assert_eq!(size("₹{{demand.total}}"), (13, false, 1));
        assert_eq!(size(&"क".repeat(70)).2, 1);
        assert_eq!(size(&"क".repeat(71)).2, 2);
        assert_eq!(size(&"क".repeat(135)).2, 3);
        assert_eq!(size(&"a".repeat(161)).2, 2);
    }

    #[test]
    fn of_a_condition_the_longer_half_counts() {
        assert_eq!(size("a{{#if comment}}bbb{{else}}cc{{/if}}d").0, 5);
        assert_eq!(size("a{{#if comment}}b{{else}}cc{{/if}}d").0, 4);
        assert_eq!(size("a{{#if comment}}{{#if number}}bb{{/if}}{{/if}}d").0, 4);
    }

    #[test]
    fn long_values_are_cut_to_their_room() {
        let data = serde_json::json!({ "number": "N".repeat(30), "link": "l".repeat(90), "answers": { "name": "क".repeat(40) } });
        let cut = cut(&data);
        assert_eq!(cut["number"].as_str().unwrap().chars().count(), 24);
        assert_eq!(cut["link"], data["link"]);
        assert_eq!(cut["answers"]["name"].as_str().unwrap().chars().count(), 30);
    }
}
