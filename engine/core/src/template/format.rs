//! Days, amounts and amounts in words, as people in India write them.

use rust_decimal::Decimal;

use crate::base::{Day, Money};
use crate::tenant::Currency;

/// A day as people write it: `31/03/2027`.
pub fn day(day: Day) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// An amount with its sign and its groups: `₹1,00,000.00`.
pub fn money(amount: Money, currency: &Currency) -> String {
    let sign = if amount.is_negative() { "-" } else { "" };
    format!("{sign}{}{}", currency.symbol, plain_money(if amount.is_negative() { -amount } else { amount }, currency))
}

/// An amount without a sign for the currency, for templates that write their own: `1,00,000.00`.
pub fn plain_money(amount: Money, currency: &Currency) -> String {
    let text = amount.to_string();
    let (whole, cents) = text.rsplit_once('.').unwrap_or((&text, "00"));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    format!("{sign}{}.{cents}", grouped(digits, currency.indian_grouping))
}

/// A whole or decimal number with its groups: `12,34,567.5`.
pub fn number(value: Decimal, indian: bool) -> String {
    let text = value.to_string();
    let (whole, rest) = text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let rest = rest.map(|rest| format!(".{rest}")).unwrap_or_default();
    format!("{sign}{}{rest}", grouped(digits, indian))
}

fn grouped(digits: &str, indian: bool) -> String {
    let mut groups = Vec::new();
    let mut rest = digits;
    let mut width = 3;
    while rest.len() > width {
        let (left, group) = rest.split_at(rest.len() - width);
        groups.push(group);
        rest = left;
        width = if indian { 2 } else { 3 };
    }
    groups.push(rest);
    groups.reverse();
    groups.join(",")
}

/// An amount in words, as on a receipt: `Two thousand five hundred rupees and fifty paise only`,
/// `दो हज़ार पाँच सौ रुपये पचास पैसे मात्र`. English for languages the engine has no numbers of.
/// Words for units are those of the rupee; other currencies get the number alone.
pub fn in_words(amount: Money, language: &str, currency: &Currency) -> String {
    let paise = amount.paise().unsigned_abs();
    let (rupees, paise) = (paise / 100, paise % 100);
    let rupee = currency.code == "INR";
    if language == "hi" {
        let unit = if rupees == 1 { "रुपया" } else { "रुपये" };
        let units = if rupee { format!(" {unit}") } else { String::new() };
        let cents = if paise == 0 || !rupee { String::new() } else { format!(" {} पैसे", hindi(paise)) };
        return format!("{}{units}{cents} मात्र", hindi(rupees));
    }
    let unit = if rupees == 1 { "rupee" } else { "rupees" };
    let units = if rupee { format!(" {unit}") } else { String::new() };
    let cents = if paise == 0 || !rupee { String::new() } else { format!(" and {} paise", english(paise)) };
    capital(&format!("{}{units}{cents} only", english(rupees)))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A number by crore, lakh, thousand and hundred; `small` says numbers below a hundred.
fn by_crores(value: u64, names: [&str; 4], small: &dyn Fn(u64) -> String) -> String {
    let [crore, lakh, thousand, hundred] = names;
    let mut parts = Vec::new();
    let mut rest = value;
    if rest >= 10_000_000 {
        parts.push(format!("{} {crore}", by_crores(rest / 10_000_000, names, small)));
        rest %= 10_000_000;
    }
    for (size, name) in [(100_000, lakh), (1_000, thousand), (100, hundred)] {
        if rest >= size {
            parts.push(format!("{} {name}", small(rest / size)));
            rest %= size;
        }
    }
    if rest > 0 || parts.is_empty() {
        parts.push(small(rest));
    }
    parts.join(" ")
}

fn english(value: u64) -> String {
    by_crores(value, ["crore", "lakh", "thousand", "hundred"], &|small| {
        let index = usize::try_from(small).expect("below a hundred");
        if index < 20 {
            return ENGLISH[index].to_owned();
        }
        let tens = ENGLISH_TENS[index / 10 - 2];
        if index % 10 == 0 { tens.to_owned() } else { format!("{tens}-{}", ENGLISH[index % 10]) }
    })
}

fn hindi(value: u64) -> String {
    by_crores(value, ["करोड़", "लाख", "हज़ार", "सौ"], &|small| {
        HINDI[usize::try_from(small).expect("below a hundred")].to_owned()
    })
}

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

const ENGLISH_TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// In Hindi every number below a hundred has a name of its own.
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
    "सतासी",
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

#[cfg(test)]
mod tests {
    use super::*;

    fn rupee() -> Currency {
        Currency { code: "INR".into(), symbol: "₹".into(), indian_grouping: true }
    }

    fn amount(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    #[test]
    fn amounts_have_lakhs_and_crores() {
        assert_eq!(money(amount("1234567.5"), &rupee()), "₹12,34,567.50");
        assert_eq!(money(amount("-100"), &rupee()), "-₹100.00");
        assert_eq!(plain_money(amount("100000"), &rupee()), "1,00,000.00");
        let other = Currency { code: "XTS".into(), symbol: "¤".into(), indian_grouping: false };
        assert_eq!(money(amount("1234567"), &other), "¤1,234,567.00");
        assert_eq!(number("1234.5".parse().unwrap(), true), "1,234.5");
    }

    #[test]
    fn amounts_are_said_in_words() {
        assert_eq!(
            in_words(amount("2500.50"), "en", &rupee()),
            "Two thousand five hundred rupees and fifty paise only"
        );
        assert_eq!(in_words(amount("1"), "en", &rupee()), "One rupee only");
        assert_eq!(in_words(amount("0"), "en", &rupee()), "Zero rupees only");
        assert_eq!(
            in_words(amount("12345678"), "en", &rupee()),
            "One crore twenty-three lakh forty-five thousand six hundred seventy-eight rupees only"
        );
        assert_eq!(in_words(amount("2500.50"), "hi", &rupee()), "दो हज़ार पाँच सौ रुपये पचास पैसे मात्र");
        assert_eq!(in_words(amount("100000"), "hi", &rupee()), "एक लाख रुपये मात्र");
    }
}
