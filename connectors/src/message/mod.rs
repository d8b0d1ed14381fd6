//! Messages to people: text messages and mail.

pub mod console;
pub mod file;

use serde::{Deserialize, Serialize};

use crate::fault::Fault;
use crate::limits::{ADDRESS_BYTES, KEY_BYTES, MESSAGE_BODY_CHARS, MESSAGE_SUBJECT_CHARS, TENANT_BYTES};

/// Which messenger a town uses: `message: { type: file, path: outbox.jsonl }`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum MessageConfig {
    /// Messages are told to the log, with the address masked.
    Console {},
    /// Messages are added to a file, one JSON object a line.
    File(file::FileConfig),
}

/// One message to one person, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The idempotency key, unique in the tenant: a second message with the same key is the same message.
    pub key: String,
    /// The town that sends.
    pub tenant: String,
    /// How it travels.
    pub channel: Channel,
    /// A phone number (digits, perhaps a leading `+`) or a mail address.
    pub to: String,
    /// The subject of a mail; text messages have none.
    pub subject: Option<String>,
    /// The words, already in the reader's language.
    pub body: String,
    /// The name of the template the words came from; operators in India demand it be registered.
    pub template: String,
    /// The language of the words, as in `hi` or `en`.
    pub language: String,
}

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A text message to a phone.
    Sms,
    /// Mail.
    Email,
}

/// A message was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// What the carrier calls the message, for asking about it later.
    pub reference: String,
    /// Whether the same message had been handed over before, so that nothing was sent now.
    pub again: bool,
}

impl Message {
    /// Refuses what no carrier could deliver, before any carrier is asked.
    ///
    /// # Errors
    /// A permanent fault that names the part at fault, never its content.
    pub fn check(&self) -> Result<(), Fault> {
        let wrong = |what: &str| Err(Fault::permanent(format!("the message {:?} has {what}", self.key)));
        if self.key.is_empty() || self.key.len() > KEY_BYTES {
            return Err(Fault::permanent("the message has no usable key"));
        }
        if self.tenant.is_empty() || self.tenant.len() > TENANT_BYTES {
            return wrong("no usable tenant");
        }
        let address = match self.channel {
            Channel::Sms => is_phone(&self.to),
            Channel::Email => is_mail(&self.to),
        };
        if !address {
            return wrong("an address that cannot be one");
        }
        match (self.channel, &self.subject) {
            (Channel::Sms, Some(_)) => return wrong("a subject, though it goes to a phone"),
            (Channel::Email, None) => return wrong("no subject"),
            (Channel::Email, Some(subject)) if !is_header(subject) => {
                return wrong("an unusable subject");
            }
            _ => {}
        }
        if self.body.trim().is_empty() || self.body.chars().count() > MESSAGE_BODY_CHARS {
            return wrong("no body, or too long a one");
        }
        Ok(())
    }
}

/// E.164 allows at most 15 digits; the shortest subscriber numbers have 7.
fn is_phone(to: &str) -> bool {
    let digits = to.strip_prefix('+').unwrap_or(to);
    (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_mail(to: &str) -> bool {
    let Some((person, host)) = to.split_once('@') else {
        return false;
    };
    to.len() <= ADDRESS_BYTES
        && !person.is_empty()
        && host.contains('.')
        && !host.contains('@')
        && !to.chars().any(|letter| letter.is_control() || letter.is_whitespace() || "<>,;\"".contains(letter))
}

/// A line end in a subject would let its author write further headers.
fn is_header(subject: &str) -> bool {
    !subject.trim().is_empty()
        && subject.chars().count() <= MESSAGE_SUBJECT_CHARS
        && !subject.chars().any(char::is_control)
}

/// An address as it may be shown: the last four digits of a phone, the first letter and the host of mail.
pub fn masked(to: &str) -> String {
    if let Some((person, host)) = to.split_once('@') {
        return format!("{}***@{host}", person.chars().next().map_or(String::new(), String::from));
    }
    let letters: Vec<char> = to.chars().collect();
    let shown = if letters.len() >= 8 { 4 } else { 0 };
    let hidden = letters.len() - shown;
    "*".repeat(hidden) + &letters[hidden..].iter().collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::{is_mail, is_phone, masked};

    #[test]
    fn addresses_are_masked() {
        assert_eq!(masked("9876543210"), "******3210");
        assert_eq!(masked("asha@example.org"), "a***@example.org");
        assert_eq!(masked("12345"), "*****");
        assert_eq!(masked("@"), "***@");
    }

    #[test]
    fn in_13_addresses_that_can_be_none_are_known() {
        for phone in ["9876543210", "+919876543210"] {
            assert!(is_phone(phone), "{phone}");
        }
        for phone in ["", "98765 43210", "++1234567", "९८७६५४३२१०", "1234567890123456"] {
            assert!(!is_phone(phone), "{phone}");
        }
        for mail in ["a@b.in", "asha.rao+x@nagar.gov.in"] {
            assert!(is_mail(mail), "{mail}");
        }
        for mail in ["", "a@b", "@b.in", "a@b@c.in", "a b@c.in", "a@b.in\nBcc: x@y.in", "a@b.in,c@d.in"] {
            assert!(!is_mail(mail), "{mail:?}");
        }
    }
}
