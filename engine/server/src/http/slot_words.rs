//! Why a place in a calendar cannot be had, in words.

use engine::base::Day;
use engine::case::Refusal;
use engine::template::format;
use serde_json::{Value as Json, json};
use ui_gen::Words;

/// The refusal in words, if it is about a place in a calendar.
pub(super) fn refusal(words: &Words, refusal: &Refusal) -> Option<String> {
    let say = |key: &str, parts: &[(&str, &str)]| Some(words.say(&format!("refusal.{key}"), parts));
    match refusal {
        Refusal::SlotTaken(taken) if taken.free.is_empty() => say("slot_taken", &[("n", &format::day(taken.day))]),
        Refusal::SlotTaken(taken) => {
            say("slot_taken_until", &[("n", &format::day(taken.day)), ("free", &days(&taken.free))])
        }
        Refusal::SlotBlocked(blocked) => {
            say("slot_blocked", &[("n", &format::day(blocked.day)), ("why", &blocked.reason)])
        }
        Refusal::SlotClosed(day) | Refusal::SlotTooEarly(day) | Refusal::SlotTooFar(day) => {
            say(refusal.word(), &[("n", &format::day(*day))])
        }
        _ => None,
    }
}

fn days(days: &[Day]) -> String {
    days.iter().map(|day| format::day(*day)).collect::<Vec<_>>().join(", ")
}

/// The same for programs: the day, its part, and the first days of free stretches nearby.
pub(super) fn told(refusal: &Refusal) -> Option<Json> {
    let text = |day: &Day| day.to_string();
    Some(match refusal {
        Refusal::SlotTaken(taken) => {
            let free: Vec<String> = taken.free.iter().map(text).collect();
            json!({ "day": text(&taken.day), "part": taken.part, "free_from": free })
        }
        Refusal::SlotBlocked(blocked) => json!({ "day": text(&blocked.day), "reason": blocked.reason }),
        Refusal::SlotClosed(day) => json!({ "day": text(day) }),
        Refusal::SlotTooEarly(day) => json!({ "first": text(day) }),
        Refusal::SlotTooFar(day) => json!({ "last": text(day) }),
        _ => return None,
    })
}
