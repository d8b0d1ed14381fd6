//! Text as XML takes it.

/// Text for the content of an element or for an attribute in double quotes, without the signs of control that
/// XML does not know.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            letter if letter.is_control() && !matches!(letter, '\n' | '\t') => {}
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_is_left_that_xml_would_read() {
        assert_eq!(escaped("a<b>&\"c\"\u{0}\r\n\td"), "a&lt;b&gt;&amp;&quot;c&quot;\n\td");
    }
}
