//! News of one's own account: what was changed there is told to whose it is, who may not have been the one to change it.

use connectors::message::{Channel, Message};
use engine::tenant::Tenant;

use crate::app::App;
use crate::store::people::Person;
use crate::store::staff_requests::Kind;

/// What became of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// One was set up.
    SetUp,
    /// Its code turned it off.
    TurnedOff,
    /// The office took it away.
    TakenAway,
    /// An administrator asks for something for somebody who works for the town.
    Asked(Kind),
    /// It was agreed to.
    Agreed(Kind),
}

impl News {
    /// The key of its words.
    fn key(self) -> &'static str {
        match self {
            Self::SetUp => "second.told_on_sms",
            Self::TurnedOff => "second.told_off_sms",
            Self::TakenAway => "second.told_away_sms",
            Self::Asked(kind) if kind.is_own() => "waits.own_sms",
            Self::Asked(Kind::Password) => "waits.password_sms",
            Self::Asked(Kind::Second) => "waits.second_sms",
            Self::Asked(_) => "waits.post_sms",
            Self::Agreed(kind) if kind.is_own() => "waits.own_done_sms",
            Self::Agreed(Kind::Password) => "waits.password_done_sms",
            Self::Agreed(Kind::Second) => "waits.second_done_sms",
            Self::Agreed(_) => "waits.post_done_sms",
        }
    }

    /// The key of the words above the mail, and what the message is called.
    fn called(self) -> (&'static str, &'static str) {
        match self {
            Self::Asked(_) | Self::Agreed(_) => ("waits.told_subject", "staff_account"),
            _ => ("second.told_subject", "second_factor"),
        }
    }
}

/// Tells somebody, in that person's language, by every way that is known: whoever has got hold of the number does not
/// read the mail as well. It is done all the same if no message can be sent.
pub async fn tell(app: &App, tenant: &Tenant, person: &Person, news: News) {
    let (library, language) = (app.library.now(), tenant.spoken(&person.language));
    let (words, town) = (library.words(language), tenant.short.in_language(language));
    let (subject, template) = news.called();
    let subject = words.say(subject, &[("town", town)]);
    let ways = [(Channel::Sms, &person.mobile, None), (Channel::Email, &person.email, Some(subject))];
    for (channel, to, subject) in ways {
        let Some(to) = to else { continue };
        let message = Message {
            key: format!("account-{}", app.chance.id()),
            tenant: tenant.id.clone(),
            channel,
            to: to.clone(),
            subject,
            body: words.say(news.key(), &[("town", town)]),
            template: template.to_owned(),
            language: language.to_owned(),
        };
        if let Err(fault) = app.messenger.send(&message).await {
            tracing::warn!(tenant = tenant.id, %fault, "somebody was not told what became of an account");
        }
    }
}
