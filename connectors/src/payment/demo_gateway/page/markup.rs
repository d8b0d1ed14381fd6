//! Text into markup: values are escaped, amounts printed as people write them.

use super::words::word;

/// Fills `{{name}}` with an escaped value or, if there is none, with the page's own word of that
/// name; and `{{{name}}}` with markup of ours. What is filled in is not looked through again.
pub(super) fn fill(template: &str, language: &str, values: &[(&str, &str)], markup: &[(&str, &str)]) -> String {
    let find = |list: &[(&str, &str)], name: &str| {
        list.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
    };
    let mut html = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        html.push_str(before);
        if let Some(raw) = after.strip_prefix('{') {
            let (name, after) = raw.split_once("}}}").expect("our templates close what they open");
            html.push_str(&find(markup, name).expect("our templates name only what is given"));
            rest = after;
        } else {
            let (name, after) = after.split_once("}}").expect("our templates close what they open");
            html.push_str(&find(values, name).map_or_else(|| escape(word(name, language)), |value| escape(&value)));
            rest = after;
        }
    }
    html.push_str(rest);
    html
}

pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(letter),
        }
    }
    safe
}

/// An amount as it is printed in India: ₹1,00,000.00. Other currencies are grouped in thousands.
pub(super) fn amount(paise: i64, currency: &str) -> String {
    let whole = (paise / 100).to_string();
    let (sign, step) = if currency == "INR" { ("₹".to_owned(), 2) } else { (format!("{currency} "), 3) };
    let (mut head, mut grouped) = match whole.len().checked_sub(3) {
        Some(cut) => (&whole[..cut], whole[cut..].to_owned()),
        None => ("", whole.clone()),
    };
    while !head.is_empty() {
        let cut = head.len().saturating_sub(step);
        grouped = format!("{},{grouped}", &head[cut..]);
        head = &head[..cut];
    }
    format!("{sign}{grouped}.{:02}", paise % 100)
}

#[cfg(test)]
mod tests {
    use super::{amount, escape, fill};

    #[test]
    fn amounts_are_grouped_as_the_currency_is() {
        for (paise, printed) in [
            (1, "₹0.01"),
            (99_999, "₹999.99"),
            (120_000, "₹1,200.00"),
            (10_000_000, "₹1,00,000.00"),
            (100_000_000_000, "₹1,00,00,00,000.00"),
        ] {
            assert_eq!(amount(paise, "INR"), printed);
        }
        assert_eq!(amount(123_456_789, "NPR"), "NPR 1,234,567.89");
    }

    #[test]
    fn in_04_what_is_filled_in_is_escaped_and_not_filled_again() {
        let html = fill("<p>{{a}}</p>{{{b}}}", "en", &[("a", "<b>{{b}}</b>")], &[("b", "<i>ours</i>")]);
        assert_eq!(html, "<p>&lt;b&gt;{{b}}&lt;/b&gt;</p><i>ours</i>");
        assert_eq!(escape("\"'&"), "&quot;&#39;&amp;");
    }
}
