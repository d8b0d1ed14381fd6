//! Numbers and amounts in words, as receipts and licenses write them.

use super::money::Money;

const ENGLISH: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// Hindi has a word of its own for every number below a hundred.
const HINDI: [&str; 100] = [
    "शून्य",
    "एक",
    "दो",
    "तीन",
    "चार",
    "पाँच",
    "छह",
    "सात",
    "आठ",
    "नौ",
    "दस",
    "ग्यारह",
    "बारह",
    "तेरह",
    "चौदह",
    "पंद्रह",
    "सोलह",
    "सत्रह",
    "अठारह",
    "उन्नीस",
    "बीस",
    "इक्कीस",
    "बाईस",
    "तेईस",
    "चौबीस",
    "पच्चीस",
    "छब्बीस",
    "सत्ताईस",
    "अट्ठाईस",
    "उनतीस",
    "तीस",
    "इकतीस",
    "बत्तीस",
    "तैंतीस",
    "चौंतीस",
    "पैंतीस",
    "छत्तीस",
    "सैंतीस",
    "अड़तीस",
    "उनतालीस",
    "चालीस",
    "इकतालीस",
    "बयालीस",
    "तैंतालीस",
    "चौवालीस",
    "पैंतालीस",
    "छियालीस",
    "सैंतालीस",
    "अड़तालीस",
    "उनचास",
    "पचास",
    "इक्यावन",
    "बावन",
    "तिरपन",
    "चौवन",
    "पचपन",
    "छप्पन",
    "सत्तावन",
    "अट्ठावन",
    "उनसठ",
    "साठ",
    "इकसठ",
    "बासठ",
    "तिरसठ",
    "चौंसठ",
    "पैंसठ",
    "छियासठ",
    "सड़सठ",
    "अड़सठ",
    "उनहत्तर",
    "सत्तर",
    "इकहत्तर",
    "बहत्तर",
    "तिहत्तर",
    "चौहत्तर",
    "पचहत्तर",
    "छिहत्तर",
    "सतहत्तर",
    "अठहत्तर",
    "उन्यासी",
    "अस्सी",
    "इक्यासी",
    "बयासी",
    "तिरासी",
    "चौरासी",
    "पचासी",
    "छियासी",
    "सत्तासी",
    "अट्ठासी",
    "नवासी",
    "नब्बे",
    "इक्यानवे",
    "बानवे",
    "तिरानवे",
    "चौरानवे",
    "पचानवे",
    "छियानवे",
    "सत्तानवे",
    "अट्ठानवे",
    "निन्यानवे",
];

/// Names of powers of ten, the largest first.
type Scale = [(u64, &'static str)];
const INDIAN_ENGLISH: &Scale = &[(10_000_000, "crore"), (100_000, "lakh"), (1_000, "thousand"), (100, "hundred")];
const WESTERN_ENGLISH: &Scale = &[
    (1_000_000_000_000, "trillion"),
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
    (100, "hundred"),
];
const INDIAN_HINDI: &Scale = &[(10_000_000, "करोड़"), (100_000, "लाख"), (1_000, "हज़ार"), (100, "सौ")];

/// A whole number in words, in the language `en` (with lakh and crore if `indian`, else with
/// million and billion) or `hi`; `None` in any other language.
pub fn in_words(number: u64, language: &str, indian: bool) -> Option<String> {
    let mut words = Vec::new();
    match language {
        "hi" => spell(number, INDIAN_HINDI, &mut words, &|rest, words| words.push(HINDI[rest].to_owned())),
        "en" => spell(number, if indian { INDIAN_ENGLISH } else { WESTERN_ENGLISH }, &mut words, &english),
        _ => return None,
    }
    Some(words.join(" "))
}

fn english(rest: usize, words: &mut Vec<String>) {
    words.push(match rest {
        0..20 => ENGLISH[rest].to_owned(),
        _ if rest.is_multiple_of(10) => TENS[rest / 10].to_owned(),
        _ => format!("{}-{}", TENS[rest / 10], ENGLISH[rest % 10]),
    });
}

/// Spells by the largest name that fits; what is below a hundred goes to `small`.
fn spell(number: u64, scale: &Scale, words: &mut Vec<String>, small: &dyn Fn(usize, &mut Vec<String>)) {
    let mut rest = number;
    for (size, name) in scale {
        if rest >= *size {
            spell(rest / size, scale, words, small);
            words.push((*name).to_owned());
            rest %= size;
        }
    }
    if rest > 0 || number == 0 {
        small(usize::try_from(rest).expect("below a hundred"), words);
    }
}

/// What the units of a currency are called in a language: one and many of the whole, one and many
/// of the hundredth, the word between, and the word at the end.
struct Units {
    whole: [&'static str; 2],
    part: [&'static str; 2],
    and: &'static str,
    only: &'static str,
}

fn units(currency: &str, language: &str) -> Option<Units> {
    Some(match (currency, language) {
        ("INR", "en") => Units { whole: ["rupee", "rupees"], part: ["paisa", "paise"], and: " and ", only: "only" },
        ("INR", "hi") => Units {
            whole: ["रुपया", "रुपये"], part: ["पैसा", "पैसे"], and: " ", only: "मात्र"
        },
        ("USD", "en") => Units { whole: ["dollar", "dollars"], part: ["cent", "cents"], and: " and ", only: "only" },
        ("EUR", "en") => Units { whole: ["euro", "euros"], part: ["cent", "cents"], and: " and ", only: "only" },
        _ => return None,
    })
}

/// An amount in words: `One lakh rupees and fifty paise only`. `currency` is its ISO 4217 code.
/// `None` for an amount below zero, and where the words are not known.
pub fn amount_in_words(amount: Money, currency: &str, language: &str, indian: bool) -> Option<String> {
    let units = units(currency, language)?;
    let hundredths = u64::try_from(amount.paise()).ok()?;
    let count = |number: u64, names: [&str; 2]| {
        Some(format!("{} {}", in_words(number, language, indian)?, names[usize::from(number != 1)]))
    };
    let (whole, part) = (hundredths / 100, hundredths % 100);
    let mut words = if whole > 0 || part == 0 { count(whole, units.whole)? } else { String::new() };
    if part > 0 {
        if whole > 0 {
            words.push_str(units.and);
        }
        words.push_str(&count(part, units.part)?);
    }
    let mut letters = words.chars();
    let first = letters.next()?.to_uppercase();
    Some(format!("{first}{} {}", letters.as_str(), units.only))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_english_and_hindi() {
        for (number, english, hindi) in [
            (0, "zero", "शून्य"),
            (21, "twenty-one", "इक्कीस"),
            (100, "one hundred", "एक सौ"),
            (1_999, "one thousand nine hundred ninety-nine", "एक हज़ार नौ सौ निन्यानवे"),
            (100_000, "one lakh", "एक लाख"),
            (1_234_567, "twelve lakh thirty-four thousand five hundred sixty-seven", "बारह लाख चौंतीस हज़ार पाँच सौ सड़सठ"),
            (10_000_000, "one crore", "एक करोड़"),
            (250_000_000_000, "twenty-five thousand crore", "पच्चीस हज़ार करोड़"),
        ] {
            assert_eq!(in_words(number, "en", true).unwrap(), english);
            assert_eq!(in_words(number, "hi", true).unwrap(), hindi);
        }
        assert_eq!(
            in_words(1_234_567, "en", false).unwrap(),
            "one million two hundred thirty-four thousand five hundred sixty-seven"
        );
        assert_eq!(in_words(1, "ta", true), None);
    }

    #[test]
    fn every_hindi_word_below_a_hundred_is_its_own() {
        let all: std::collections::BTreeSet<_> = HINDI.iter().collect();
        assert_eq!(all.len(), 100);
    }

    #[test]
    fn amounts_as_receipts_write_them() {
        let words = |text: &str, language| amount_in_words(Money::parse(text).unwrap(), "INR", language, true);
        assert_eq!(words("120000.50", "en").unwrap(), "One lakh twenty thousand rupees and fifty paise only");
        assert_eq!(words("120000.50", "hi").unwrap(), "एक लाख बीस हज़ार रुपये पचास पैसे मात्र");
        assert_eq!(words("1", "en").unwrap(), "One rupee only");
        assert_eq!(words("0", "hi").unwrap(), "शून्य रुपये मात्र");
        assert_eq!(words("0.01", "en").unwrap(), "One paisa only");
        assert_eq!(words("-1", "en"), None);
    }
}
