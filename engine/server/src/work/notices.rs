//! Messages: composed in the reader's language, sent once, and kept with what became of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use connectors::message::{Channel, Message, masked};
use engine::notice::{self, Notice, Recipient};
use engine::template::Look;
use sha2::{Digest as _, Sha256};

use super::story::{Gathered, Links, gather};
use crate::app::App;
use crate::auth::{policy, token};
use crate::problem::Problem;
use crate::store::jobs::Job;
use crate::store::people::Person;
use crate::store::{appointments, json, notices, people};

/// Somebody to be told.
struct Reader {
    /// Tells people of one notice apart in keys.
    key: String,
    language: String,
    mobile: Option<String>,
    email: Option<String>,
}

/// Sends the messages of a notice.
pub async fn send(app: &Arc<App>, job: &Job) -> Result<(), Problem> {
    let library = app.library.now();
    let text = |name: &str| job.body[name].as_str().unwrap_or_default();
    let told = gather(app, &library, &job.tenant, text("case"), job.body["event"].as_i64().unwrap_or_default()).await?;
    let Some(notice) = told.service.notice(text("notice")) else { return Ok(()) };
    let to = json::read_recipient(text("to")).unwrap_or_else(|| notice.to.clone());
    let mut last = Ok(());
    for reader in readers(app, &told, &to).await? {
        let language = if told.tenant.languages.contains(&reader.language) { reader.language.clone() } else { told.tenant.languages.first().cloned().unwrap_or_default() };
        let words = Gathered::words(&library, &language);
        let look = Look::new(&told.tenant, &language, &words);
        let desk = !matches!(to, Recipient::Applicant);
        let path = if desk { "desk/cases" } else { "cases" };
        let link = app.link(&format!("/{}/{path}/{}", told.tenant.id, told.case.id));
        let verify = app.link(&format!("/{}/verify", told.tenant.id));
        let data = told.story(app, look, Links { case: &link, verify: &verify }).for_message();
        let composed = notice::compose(notice, &language, &data);
        let sms = composed.sms.zip(reader.mobile.clone()).map(|(body, to)| (Channel::Sms, to, None, body));
        let email = composed.email.zip(reader.email.clone()).map(|((subject, body), to)| (Channel::Email, to, Some(subject), body));
        for (channel, to, subject, body) in sms.into_iter().chain(email) {
            let word = if channel == Channel::Sms { "sms" } else { "email" };
            let message = Message {
                key: token::stored(&format!("{}:{}:{word}", job.key, reader.key)),
                tenant: told.tenant.id.clone(),
                channel,
                to,
                subject,
                body,
                template: format!("{}/{}", told.service.id, notice.name),
                language: language.clone(),
            };
            // One address that does not work must not keep the others waiting.
            if let Err(problem) = one(app, &told, notice, (word, message)).await {
                last = Err(problem);
            }
        }
    }
    last
}

async fn one(app: &App, told: &Gathered, notice: &Notice, (channel, message): (&str, Message)) -> Result<(), Problem> {
    let mut tx = app.store.read(&told.tenant.id).await?;
    if notices::find(&mut tx, &message.key).await?.is_some_and(|kept| kept.state != "queued") {
        return Ok(());
    }
    drop(tx);
    let kept = notices::Notice {
        id: message.key.clone(),
        case: told.case.id.clone(),
        notice: notice.name.to_string(),
        channel: channel.to_owned(),
        to_masked: masked(&message.to),
        language: message.language.clone(),
        text: message.body.clone(),
        template_digest: token::hex(&Sha256::digest(format!("{:?}", notice.words))),
        state: "queued".to_owned(),
        at_ms: app.clock.now_ms(),
    };
    let mut tx = app.store.begin(&told.tenant.id).await?;
    notices::insert(&mut tx, &kept).await?;
    tx.commit().await?;
    let sent = app.messenger.send(&message).await;
    let state = match &sent {
        Ok(_) => "sent",
        Err(fault) if fault.is_temporary() => return Err(fault.clone().into()),
        Err(fault) => {
            tracing::warn!(tenant = told.tenant.id, notice = %notice.name, %fault, "a message cannot be sent");
            "failed"
        }
    };
    let mut tx = app.store.begin(&told.tenant.id).await?;
    notices::set_state(&mut tx, &kept.id, state, app.clock.now_ms()).await?;
    Ok(tx.commit().await?)
}

/// Everybody who is told.
async fn readers(app: &App, told: &Gathered, to: &Recipient) -> Result<Vec<Reader>, Problem> {
    let role = match to {
        Recipient::Applicant => {
            return Ok(vec![Reader {
                key: "applicant".to_owned(),
                language: told.case.language.clone(),
                mobile: told.mobile.clone(),
                email: told.email.clone(),
            }]);
        }
        Recipient::Assignee => None,
        Recipient::Role(role) => Some(role),
    };
    let mut tx = app.store.read(&told.tenant.id).await?;
    let ids: BTreeSet<String> = match (&told.case.assignee, role) {
        (Some(person), None) => BTreeSet::from([person.clone()]),
        _ => {
            let day = app.clock.now(&told.tenant).day();
            let held = appointments::on_day(&mut tx, Some(&told.service.id), day).await?;
            let place = crate::finding::place(&told.service.form, &told.case.answers);
            let places: Vec<&str> = told.tenant.places.ancestry(place).map(|entry| entry.code.as_str()).collect();
            let state = told.service.workflow.state(&told.case.state);
            let wanted = |name: &engine::base::Name| match role {
                Some(role) => role == name,
                None => state.is_some_and(|state| state.officers().any(|officer| officer == name)),
            };
            let fits = |held: &&appointments::Appointment| policy::roles_of(std::slice::from_ref(*held), &told.service.id, &places).iter().any(wanted);
            held.iter().filter(fits).map(|held| held.person.clone()).collect()
        }
    };
    let people = people::among(&mut tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    let reader = |person: Person| Reader { key: person.id, language: person.language, mobile: person.mobile, email: person.email };
    Ok(people.into_iter().filter(|person| !person.disabled).map(reader).collect())
}
