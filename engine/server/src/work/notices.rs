//! Messages: composed in the reader's language, sent once, and kept with what became of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use connectors::message::{Channel, Message, masked};
use engine::base::Name;
use engine::notice::{self, Notice, OFFER_MESSAGE, OFFICE_MESSAGE, Recipient, Wording};
use engine::template::Look;
use sha2::{Digest as _, Sha256};

use super::story::{Gathered, Links, gather};
use crate::app::App;
use crate::auth::{policy, token};
use crate::holders;
use crate::library::Loaded;
use crate::problem::Problem;
use crate::store::jobs::{self, Job};
use crate::store::people::Person;
use crate::store::{appointments, json, links, notices, people};

/// Somebody to be told.
struct Reader {
    /// The person's key; empty for the applicant.
    person: String,
    /// The person's name; empty for the applicant.
    name: String,
    language: String,
    mobile: Option<String>,
    email: Option<String>,
}

/// A message in its words, to one person.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The person's key; empty for the applicant.
    pub person: String,
    /// The person's name; empty for the applicant.
    pub name: String,
    /// How it travels: `sms` or `email`.
    pub channel: &'static str,
    /// A mobile number or an address.
    pub to: String,
    /// The subject of a mail.
    pub subject: Option<String>,
    /// The words.
    pub body: String,
    /// The language of the words.
    pub language: String,
}

/// The messages of a notice as they are sent, or would be.
pub async fn composed(
    app: &App,
    library: &Loaded,
    told: &Gathered,
    notice: &Notice,
    to: &Recipient,
) -> Result<Vec<Ready>, Problem> {
    let mut all = Vec::new();
    let pay = if mentions(notice, "pay_link") { short_link(app, told).await? } else { None };
    for reader in readers(app, told, to).await? {
        let language = told.tenant.spoken(&reader.language).to_owned();
        let words = Gathered::words(library, &language);
        let look = Look::new(&told.tenant, &language, &words);
        let path = match to {
            Recipient::Offered => "offered",
            _ if is_of_citizens(told, to) => "cases",
            _ => "desk/cases",
        };
        let link = app.link(&format!("/{}/{path}/{}", told.tenant.id, told.case.id));
        let verify = app.link(&format!("/{}/verify", told.tenant.id));
        let data = told.story(app, look, Links { case: &link, verify: &verify, pay: pay.as_deref() }).for_message();
        let composed = notice::compose(notice, &language, &data);
        let sms = composed.sms.zip(reader.mobile).map(|(body, to)| ("sms", to, None, body));
        let email = composed.email.zip(reader.email).map(|((subject, body), to)| ("email", to, Some(subject), body));
        for (channel, to, subject, body) in sms.into_iter().chain(email) {
            let (person, name, language) = (reader.person.clone(), reader.name.clone(), language.clone());
            all.push(Ready { person, name, channel, to, subject, body, language });
        }
    }
    Ok(all)
}

/// Whether the words of a notice print a variable.
fn mentions(notice: &Notice, variable: &str) -> bool {
    let all = |wording: &Wording| {
        let email = wording.email.iter().flat_map(|(subject, body)| [subject, body]);
        wording.sms.iter().chain(email).any(|text| text.contains(variable))
    };
    notice.words.values().any(all)
}

/// Letters and digits of the code in a short address: nobody finds one by trying.
const CODE: usize = 10;

/// The short address of the bill of the record, where anybody may pay it. It is given once and stays.
async fn short_link(app: &App, told: &Gathered) -> Result<Option<String>, Problem> {
    let Some(record) = told.payable() else { return Ok(None) };
    let (registry, number) = (record.registry.as_str(), record.number.as_str());
    let mut known = links::of(&mut app.store.read(&told.tenant.id).await?, registry, number).await?;
    if known.is_none() {
        let mut tx = app.store.begin(&told.tenant.id).await?;
        links::put(&mut tx, registry, number, &app.chance.id()[..CODE]).await?;
        known = links::of(&mut tx, registry, number).await?;
        tx.commit().await?;
    }
    Ok(known.map(|code| app.link(&format!("/{}/b/{code}", told.tenant.id))))
}

/// Sends the messages of a notice.
pub async fn send(app: &Arc<App>, job: &Job) -> Result<(), Problem> {
    let library = app.library.now();
    let text = |name: &str| job.body[name].as_str().unwrap_or_default();
    let told = gather(app, &library, &job.tenant, text("case"), job.body["event"].as_i64().unwrap_or_default()).await?;
    let own = match text("notice") {
        OFFICE_MESSAGE => Some(office_message(&library, &told)),
        OFFER_MESSAGE => Some(offer_message(&library, &told)),
        _ => None,
    };
    let Some(notice) = told.service.notice(text("notice")).or(own.as_ref()) else { return Ok(()) };
    let to = json::read_recipient(text("to")).unwrap_or_else(|| notice.to.clone());
    let mut last = Ok(());
    for ready in composed(app, &library, &told, notice, &to).await? {
        let person = if ready.person.is_empty() { "applicant" } else { &ready.person };
        let message = Message {
            key: token::stored(&format!("{}:{person}:{}", job.key, ready.channel)),
            tenant: told.tenant.id.clone(),
            channel: if ready.channel == "sms" { Channel::Sms } else { Channel::Email },
            to: ready.to,
            subject: ready.subject,
            body: ready.body,
            template: format!("{}/{}", told.service.id, notice.name),
            language: ready.language,
        };
        // One address that does not work must not keep the others waiting.
        if let Err(problem) = one(app, job, (&told, notice), (ready.channel, message)).await {
            last = Err(problem);
        }
    }
    last
}

/// An officer's own words on their way to the applicant, in the product's wording.
pub(crate) fn office_message(library: &Loaded, told: &Gathered) -> Notice {
    let filled = [("number", "{{number}}"), ("link", "{{link}}"), ("text", "{{comment}}")];
    of_product(
        library,
        told,
        (OFFICE_MESSAGE, Recipient::Applicant),
        (["said.sms", "said.subject", "said.body"], &filled[..]),
    )
}

/// That somebody wrote an application for the reader, who may take it over.
fn offer_message(library: &Loaded, told: &Gathered) -> Notice {
    let filled = [("who", "{{applicant.name}}"), ("service", "{{service}}"), ("link", "{{link}}")];
    of_product(
        library,
        told,
        (OFFER_MESSAGE, Recipient::Offered),
        (["offered.sms", "offered.subject", "offered.body"], &filled[..]),
    )
}

/// A notice that no definition writes: the product has its words, of a short message, a subject and a mail.
fn of_product(
    library: &Loaded,
    told: &Gathered,
    (name, to): (&str, Recipient),
    ([sms, subject, body], filled): ([&str; 3], &[(&str, &str)]),
) -> Notice {
    let wording = |language: &String| {
        let words = library.words(language);
        let say = |key: &str| words.say(key, filled);
        (language.clone(), Wording { sms: Some(say(sms)), email: Some((say(subject), say(body))) })
    };
    let mut words: BTreeMap<String, Wording> = told.tenant.languages.iter().map(wording).collect();
    let (_, own) = wording(&told.service.language);
    words.insert(String::new(), own);
    let at = told.service.workflow.start.at.clone();
    Notice { name: Name::new(name), to, words, at }
}

/// Sends a message, once. It is written down that it is on its way, and later what became of it, only by whoever
/// has the job: a worker that was thought dead and comes back sends nothing that another one has taken over.
async fn one(
    app: &App,
    job: &Job,
    (told, notice): (&Gathered, &Notice),
    (channel, mut message): (&str, Message),
) -> Result<(), Problem> {
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
    jobs::hold(&mut tx, job).await?;
    if !notices::insert(&mut tx, &kept).await?
        && let Some(before) = notices::find(&mut tx, &kept.id).await?
    {
        // It may have arrived already, and what was kept is what is shown: it says the same again, though the
        // case has gone on meanwhile.
        message.body = before.text;
    }
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
    jobs::hold(&mut tx, job).await?;
    notices::set_state(&mut tx, &kept.id, state, app.clock.now_ms()).await?;
    Ok(tx.commit().await?)
}

/// Whether citizens are told: the applicant, or whoever holds a record that the case names.
fn is_of_citizens(told: &Gathered, to: &Recipient) -> bool {
    match to {
        Recipient::Applicant | Recipient::Offered => true,
        Recipient::Role(role) => told.service.is_held(role),
        Recipient::Assignee => false,
    }
}

/// Whoever has `role` today by a record that the case named.
async fn holders_of(app: &App, told: &Gathered, role: &Name) -> Result<Vec<Reader>, Problem> {
    let mut tx = app.store.read(&told.tenant.id).await?;
    let named = holders::giving(&mut tx, &told.service, &told.case).await?;
    drop(tx);
    let all = told.service.holders(&told.case.answers, &named, app.clock.now(&told.tenant).day());
    let ids: Vec<String> = all.filter(|(given, _)| *given == role).map(|(_, holder)| holder.to_owned()).collect();
    let mut tx = app.store.read(&told.tenant.state).await?;
    let people = people::among(&mut tx, &ids).await?;
    Ok(people.into_iter().filter(|person| !person.disabled).map(reader).collect())
}

/// The person to whom the draft is offered; nobody once that was answered.
async fn offered(app: &App, told: &Gathered) -> Result<Vec<Reader>, Problem> {
    let Some(id) = &told.case.offered else { return Ok(Vec::new()) };
    let mut tx = app.store.read(&told.tenant.state).await?;
    let person = people::find(&mut tx, id).await?.filter(|person| !person.disabled);
    Ok(person.map(reader).into_iter().collect())
}

fn reader(person: Person) -> Reader {
    Reader {
        person: person.id,
        name: person.name,
        language: person.language,
        mobile: person.mobile,
        email: person.email,
    }
}

/// Everybody who is told.
async fn readers(app: &App, told: &Gathered, to: &Recipient) -> Result<Vec<Reader>, Problem> {
    let role = match to {
        Recipient::Applicant => {
            return Ok(vec![Reader {
                person: String::new(),
                name: String::new(),
                language: told.case.language.clone(),
                mobile: told.mobile.clone(),
                email: told.email.clone(),
            }]);
        }
        Recipient::Offered => return offered(app, told).await,
        Recipient::Assignee => None,
        Recipient::Role(role) if told.service.is_held(role) => return holders_of(app, told, role).await,
        Recipient::Role(role) => Some(role),
    };
    let mut tx = app.store.read(&told.tenant.id).await?;
    let ids: BTreeSet<String> = if let (Some(person), None) = (&told.case.assignee, role) {
        BTreeSet::from([person.clone()])
    } else {
        let day = app.clock.now(&told.tenant).day();
        let held = appointments::on_day(&mut tx, Some(&told.service.id), day).await?;
        let place = crate::finding::place(&told.service.form, &told.case.answers);
        let places: Vec<&str> = told.tenant.places.ancestry(place).map(|entry| entry.code.as_str()).collect();
        let departments = told.service.departments_of(&told.case.answers);
        let state = told.service.workflow.state(&told.case.state);
        let wanted = |name: &Name| match role {
            Some(role) => role == name,
            None => state.is_some_and(|state| state.officers().any(|officer| officer == name)),
        };
        let fits = |held: &&appointments::Appointment| {
            held.is_for(&departments)
                && policy::roles_of(std::slice::from_ref(*held), &told.service.id, &places).iter().any(wanted)
        };
        held.iter().filter(fits).map(|held| held.person.clone()).collect()
    };
    let people = people::among(&mut tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    Ok(people.into_iter().filter(|person| !person.disabled).map(reader).collect())
}
