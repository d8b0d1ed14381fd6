//! Days and amounts in a tenant's own currency, as templates and pages write them.

use rust_decimal::Decimal;

use crate::base::format::{self, grouped};
use crate::base::in_words::amount_in_words;
use crate::base::{Day, Money};
use crate::tenant::Currency;

/// A day as people write it: `31/03/2027`.
pub fn day(day: Day) -> String {
    format::date(day)
}

/// An amount with its sign and its groups: `₹1,00,000.00`.
pub fn money(amount: Money, currency: &Currency) -> String {
    format::money(amount, &currency.symbol, currency.indian_grouping)
}

/// An amount without the currency's sign, for templates that write their own: `1,00,000.00`.
pub fn plain_money(amount: Money, currency: &Currency) -> String {
    format::money(amount, "", currency.indian_grouping)
}

/// A whole or decimal number with its groups: `12,34,567.5`.
pub fn number(value: Decimal, indian: bool) -> String {
    let text = value.to_string();
    match text.split_once('.') {
        Some((whole, rest)) => format!("{}.{rest}", grouped(whole, indian)),
        None => grouped(&text, indian),
    }
}

/// An amount in words, as on a receipt: `Two thousand five hundred rupees and fifty paise only`,
/// `दो हज़ार पाँच सौ रुपये पचास पैसे मात्र`. In figures where the engine has no words.
pub fn in_words(amount: Money, language: &str, currency: &Currency) -> String {
    amount_in_words(amount, &currency.code, language, currency.indian_grouping)
        .unwrap_or_else(|| money(amount, currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rupee() -> Currency {
        Currency { code: "INR".into(), symbol: "₹".into(), indian_grouping: true, ..Currency::default() }
    }

    fn amount(text: &str) -> Money {
        Money::parse(text).unwrap()
    }

    #[test]
    fn amounts_have_lakhs_and_crores() {
        assert_eq!(money(amount("1234567.5"), &rupee()), "₹12,34,567.50");
        assert_eq!(money(amount("-100"), &rupee()), "-₹100.00");
        assert_eq!(plain_money(amount("100000"), &rupee()), "1,00,000.00");
        let other = Currency { code: "XTS".into(), symbol: "¤".into(), indian_grouping: false, ..Currency::default() };
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
