//! Numbers by which a person is known.

use super::check::Reader;
use super::checks::bad_identity_number;
use super::yaml::IdentityNumberYaml;
use crate::identity::IdentityNumber;
use crate::source::{At, Map};

/// The fewest and the most digits.
const DIGITS: (i64, i64) = (6, 24);
/// How many digits at the end may be written where nothing is said.
const KEEP: i64 = 4;

impl Reader<'_> {
    /// Puts the numbers of this file to those that are known of the state, of which none can be changed.
    pub(super) fn identity_numbers(
        &mut self,
        written: &Map<IdentityNumberYaml>,
        known: &mut Vec<IdentityNumber>,
        languages: &[String],
    ) {
        for (name, number) in &written.0 {
            if known.iter().any(|known| known.name == name.as_str()) {
                self.out.push(bad_identity_number::of_the_state(name));
                continue;
            }
            let title = self.words(&format!("identity_numbers.{}.title", name.value), &number.title, languages);
            let keep = number.keep.as_ref().map_or(KEEP, |keep| keep.value);
            let (least, most) = DIGITS;
            if !(least..=most).contains(&number.digits.value) {
                self.out.push(bad_identity_number::digits(&number.digits, DIGITS));
            } else if !(0..=number.digits.value / 2).contains(&keep) {
                let at = number.keep.as_ref().unwrap_or(&number.digits);
                self.out.push(bad_identity_number::keep(at, number.digits.value / 2));
            }
            let first = number.first.as_ref();
            if let Some(first) = first.filter(|first| !is_digits(first)) {
                self.out.push(bad_identity_number::first(first));
            }
            known.push(IdentityNumber {
                name: name.to_string(),
                title,
                digits: usize::try_from(number.digits.value).unwrap_or_default(),
                first: first.map(|first| first.value.clone()).unwrap_or_default(),
                check: number.check.value,
                keep: usize::try_from(keep).unwrap_or_default(),
            });
        }
    }
}

fn is_digits(first: &At<String>) -> bool {
    first.bytes().all(|byte| byte.is_ascii_digit())
}
