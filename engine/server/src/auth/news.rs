//! News of one's own account: what was changed there is told to whose it is, who may not have been the one to change it.

use connectors::message::{Channel, Message};
use engine::tenant::Tenant;

use crate::app::App;
use crate::store::people::Person;

/// What became of a citizen's authenticator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// One was set up.
    SetUp,
    /// Its code turned it off.
    TurnedOff,
    /// The office took it away.
    TakenAway,
}

impl News {
    /// The key of its words.
    fn key(self) -> &'static str {
        match self {
            Self::SetUp => "second.told_on_sms",
            Self::TurnedOff => "second.told_off_sms",
            Self::TakenAway => "second.told_away_sms",
        }
    }
}

/// Tells a citizen, in that person's language, by every way that is known: whoever has got hold of the number does not
/// read the mail as well. It is done all the same if no message can be sent.
pub async fn tell(app: &App, tenant: &Tenant, person: &Person, news: News) {
    let (library, language) = (app.library.now(), tenant.spoken(&person.language));
    let (words, town) = (library.words(language), tenant.short.in_language(language));
    let subject = words.say("second.told_subject", &[("town", town)]);
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
            template: "second_factor".to_owned(),
            language: language.to_owned(),
        };
        if let Err(fault) = app.messenger.send(&message).await {
            tracing::warn!(tenant = tenant.id, %fault, "somebody was not told what became of an authenticator");
        }
    }
}
