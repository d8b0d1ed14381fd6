//! `console`: messages are told to the log. For development only: nobody receives anything.

use crate::fault::Fault;
use crate::message::{Message, Sent, masked};
use crate::{Answer, Messenger};

/// Tells the log that a message would have gone out.
///
/// The address is masked. The words appear only at the level `debug`, because they may carry a
/// one-time code. Nothing is remembered: a repetition is told again.
pub struct Console;

impl Messenger for Console {
    fn send<'a>(&'a self, message: &'a Message) -> Answer<'a, Sent, Fault> {
        Box::pin(async move {
            message.check()?;
            let Message { key, tenant, channel, template, language, body, .. } = message;
            let to = masked(&message.to);
            tracing::info!(tenant, key, ?channel, to, template, language, "message for {to}");
            tracing::debug!(tenant, key, body, "words of the message");
            Ok(Sent { reference: format!("console/{tenant}/{key}"), again: false })
        })
    }
}
