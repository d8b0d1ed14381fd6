//! What happened in a span of time, who did it and whom it concerned: gathered for whoever has to report it.
//!
//! It comes from events, sessions, cases and people, and is written as JSON, a line for each. Answers and messages are
//! not in it: who did what to which case is what has to be known, and the less is handed on, the better. Who read what
//! is personal is an event; pages that show nothing of that are told to the log alone, with the reference of the
//! request.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::net::IpAddr;

use engine::base::Moment;
use serde_json::{Value as Json, json};

use crate::auth::otp::network;
use crate::store::carry::turn_to;
use crate::store::events::{self, Event};
use crate::store::people::{self, Person};
use crate::store::sessions::{self, Session};
use crate::store::{By, Store, Tx, cases};

/// Events that are read at a time.
const PAGE: i64 = 2_000;
/// Keys that are looked up at a time.
const KEYS: usize = 500;

/// What is asked for. Of several conditions all must hold.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The first millisecond.
    pub from_ms: i64,
    /// The last millisecond.
    pub until_ms: i64,
    /// Minutes east of UTC in which times are told.
    pub offset_minutes: i32,
    /// What one person did, or what concerned that person: the key, the user name or the mobile number.
    pub person: Option<String>,
    /// What happened to one case: its key or number.
    pub case: Option<String>,
    /// What came from a network, and what those did who signed in from there.
    pub address: Option<IpAddr>,
}

/// What was found.
#[derive(Debug, Default)]
pub struct Found {
    /// How many events.
    pub events: u64,
    /// What was done, how often.
    pub words: BTreeMap<String, u64>,
    /// Who did it: the kind of actor, and how often.
    pub actors: BTreeMap<String, (String, u64)>,
    /// Whom it concerned, besides whoever did it, and how often.
    pub concerned: BTreeMap<String, u64>,
    /// Which cases, by town and key.
    pub cases: BTreeMap<(String, String), Touched>,
    /// How many sessions.
    pub sessions: u64,
    /// Names and numbers of all these people, as far as they are known.
    pub people: BTreeMap<String, (String, Person)>,
}

/// A case to which something happened.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    /// Its number, once it has one.
    pub number: Option<String>,
    /// The service.
    pub service: String,
    /// Whose it is.
    pub applicant: String,
    /// How many events.
    pub events: u64,
}

/// A look at the towns, with what narrows it.
struct Search<'a> {
    asked: &'a Asked,
    /// The keys of the person who is asked for.
    people: BTreeSet<String>,
    /// The network that is asked for.
    network: Option<String>,
}

/// Gathers everything of `tenants` and writes it to `out`.
///
/// # Errors
/// When the store cannot be read, or nothing be written.
pub async fn gather(
    store: &Store,
    tenants: &[String],
    asked: &Asked,
    out: &mut (impl Write + Send),
) -> anyhow::Result<Found> {
    let mut tx = store.read_all().await?;
    let network = asked.address.map(network);
    let search = Search { asked, people: persons(&mut tx, tenants, asked.person.as_deref()).await?, network };
    let mut found = Found::default();
    line(out, &search.head(tenants))?;
    for tenant in tenants {
        turn_to(&mut tx, tenant).await?;
        search.town(&mut tx, tenant, &mut found, out).await?;
    }
    for tenant in tenants {
        turn_to(&mut tx, tenant).await?;
        search.sessions(&mut tx, tenant, &mut found, out).await?;
        name(&mut tx, tenant, &mut found).await?;
    }
    found.tell(out)?;
    let summary = summary(&found, asked);
    line(out, &json!({ "kind": "summary", "text": summary }))?;
    Ok(found)
}

/// Writes into the chains of `tenants` that this was gathered, and by whom.
///
/// # Errors
/// When the store fails.
pub async fn note(store: &Store, tenants: &[String], asked: &Asked, by: &str, now_ms: i64) -> anyhow::Result<()> {
    let facts = json!({
        "from_ms": asked.from_ms, "until_ms": asked.until_ms, "by": by, "about": asked.person, "case": asked.case,
        "address": asked.address.map(|address| address.to_string()),
    });
    for tenant in tenants {
        let mut tx = store.begin(tenant).await?;
        events::note(&mut tx, By::system(now_ms), None, "incident", facts.clone()).await?;
        tx.commit().await?;
    }
    Ok(())
}

fn line(out: &mut impl Write, told: &Json) -> std::io::Result<()> {
    writeln!(out, "{told}")
}

/// The keys of whoever is called so, in whichever town; and the word itself, which may be a key that nobody has now.
async fn persons(tx: &mut Tx, tenants: &[String], wanted: Option<&str>) -> anyhow::Result<BTreeSet<String>> {
    let Some(wanted) = wanted else { return Ok(BTreeSet::new()) };
    let mut keys = BTreeSet::from([wanted.to_owned()]);
    for tenant in tenants {
        turn_to(tx, tenant).await?;
        keys.extend(people::by_login(tx, wanted).await?.map(|person| person.id));
        keys.extend(people::by_mobile(tx, wanted).await?.map(|person| person.id));
    }
    Ok(keys)
}

/// The network that an event says it came from; empty where it says none.
fn came_from(event: &Event) -> &str {
    event.command["facts"]["from"].as_str().unwrap_or_default()
}

impl Search<'_> {
    fn narrows(&self) -> bool {
        self.asked.person.is_some() || self.asked.case.is_some() || self.network.is_some()
    }

    fn time(&self, ms: i64) -> String {
        time(ms, self.asked.offset_minutes)
    }

    fn head(&self, tenants: &[String]) -> Json {
        json!({
            "kind": "span", "from": self.time(self.asked.from_ms), "until": self.time(self.asked.until_ms), "tenants": tenants,
            "person": self.asked.person, "case": self.asked.case, "network": self.network,
        })
    }

    /// The events of one town, page by page.
    async fn town(
        &self,
        tx: &mut Tx,
        tenant: &str,
        found: &mut Found,
        out: &mut (impl Write + Send),
    ) -> anyhow::Result<()> {
        let case = match &self.asked.case {
            None => None,
            Some(case) => Some(cases::id_of(tx, case).await?.unwrap_or_else(|| case.clone())),
        };
        let signed_in = self.signed_in(tx).await?;
        let mut known: BTreeMap<String, Touched> = BTreeMap::new();
        let mut after = 0;
        loop {
            let page = self.page(tx, after).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.seq;
            learn(tx, &page, &mut known).await?;
            for event in &page {
                let about = about(event, &known);
                if self.fits(event, &about, case.as_deref(), &signed_in) {
                    line(out, &self.told(tenant, event, &about))?;
                    found.add(tenant, event, about, &known);
                }
            }
        }
    }

    async fn page(&self, tx: &mut Tx, after: i64) -> anyhow::Result<Vec<Event>> {
        Ok(events::within(tx, (self.asked.from_ms, self.asked.until_ms), after, PAGE).await?)
    }

    /// Those who signed in from the network that is asked for.
    async fn signed_in(&self, tx: &mut Tx) -> anyhow::Result<BTreeSet<String>> {
        let mut people = BTreeSet::new();
        let (Some(network), mut after) = (&self.network, 0) else { return Ok(people) };
        loop {
            let page = self.page(tx, after).await?;
            let Some(last) = page.last() else { return Ok(people) };
            after = last.seq;
            let from_there = page.iter().filter(|event| came_from(event) == network && event.actor_kind != "system");
            people.extend(from_there.map(|event| event.actor.clone()));
        }
    }

    fn fits(&self, event: &Event, about: &BTreeSet<String>, case: Option<&str>, signed_in: &BTreeSet<String>) -> bool {
        let of_person = self.asked.person.is_none()
            || self.people.contains(&event.actor)
            || about.iter().any(|person| self.people.contains(person));
        let of_case = case.is_none() || event.case.as_deref() == case;
        let from_there = |network: &String| came_from(event) == network || signed_in.contains(&event.actor);
        of_person && of_case && self.network.as_ref().is_none_or(from_there)
    }

    /// An event without what was answered or said.
    fn told(&self, tenant: &str, event: &Event, about: &BTreeSet<String>) -> Json {
        json!({
            "kind": "event", "tenant": tenant, "seq": event.seq, "at": self.time(event.at_ms), "actor": event.actor,
            "actor_kind": event.actor_kind, "did": word(event), "action": event.command["action"], "case": event.case,
            "from_state": event.outcome["from"], "to_state": event.outcome["to"], "role": event.outcome["role"],
            "concerned": about, "facts": event.command["facts"], "hash": event.hash,
        })
    }

    /// The sessions that lasted into the span: of everybody, or of those who did what was found.
    async fn sessions(
        &self,
        tx: &mut Tx,
        tenant: &str,
        found: &mut Found,
        out: &mut (impl Write + Send),
    ) -> anyhow::Result<()> {
        for session in sessions::within(tx, self.asked.from_ms, self.asked.until_ms).await? {
            if !self.narrows() || found.actors.contains_key(&session.person) {
                line(out, &self.session(tenant, &session))?;
                found.sessions += 1;
            }
        }
        Ok(())
    }

    fn session(&self, tenant: &str, session: &Session) -> Json {
        let data: Json = serde_json::from_str(&session.data).unwrap_or_default();
        json!({
            "kind": "session", "tenant": tenant, "person": session.person, "person_kind": session.kind,
            "since": self.time(session.created_ms), "seen": self.time(session.seen_ms),
            "until": self.time(session.expires_ms), "agent": data["agent"],
        })
    }
}

impl Found {
    /// The cases and the people.
    fn tell(&self, out: &mut impl Write) -> std::io::Result<()> {
        for ((tenant, id), case) in &self.cases {
            let told = json!({
                "kind": "case", "tenant": tenant, "id": id, "number": case.number, "service": case.service,
                "applicant": case.applicant, "events": case.events,
            });
            line(out, &told)?;
        }
        for id in self.everybody() {
            let known = self.people.get(id);
            let (tenant, person) = known.map_or((None, None), |(tenant, person)| (Some(tenant), Some(person)));
            let told = json!({
                "kind": "person", "id": id, "tenant": tenant, "name": person.map(|person| &person.name),
                "login": person.and_then(|person| person.login.as_ref()),
                "mobile": person.and_then(|person| person.mobile.as_ref()),
                "email": person.and_then(|person| person.email.as_ref()),
                "did": self.actors.get(id).map_or(0, |(_, events)| *events),
                "concerned_by": self.concerned.get(id).copied().unwrap_or_default(),
            });
            line(out, &told)?;
        }
        Ok(())
    }

    fn add(&mut self, tenant: &str, event: &Event, about: BTreeSet<String>, known: &BTreeMap<String, Touched>) {
        self.events += 1;
        *self.words.entry(word(event).to_owned()).or_default() += 1;
        let actor = self.actors.entry(event.actor.clone()).or_insert_with(|| (event.actor_kind.clone(), 0));
        actor.1 += 1;
        for person in about {
            *self.concerned.entry(person).or_default() += 1;
        }
        if let Some(id) = &event.case {
            let touched = self.cases.entry((tenant.to_owned(), id.clone()));
            touched.or_insert_with(|| known.get(id).cloned().unwrap_or_default()).events += 1;
        }
    }

    /// Whoever did something or was concerned.
    fn everybody(&self) -> BTreeSet<&String> {
        self.actors.keys().chain(self.concerned.keys()).collect()
    }

    /// What somebody is called; the key where that is not known.
    fn called<'a>(&'a self, id: &'a str) -> &'a str {
        self.people.get(id).map(|(_, person)| person.name.as_str()).filter(|name| !name.is_empty()).unwrap_or(id)
    }
}

fn word(event: &Event) -> &str {
    event.command["word"].as_str().unwrap_or_default()
}

/// Learns whose the cases of a page of events are.
async fn learn(tx: &mut Tx, page: &[Event], known: &mut BTreeMap<String, Touched>) -> anyhow::Result<()> {
    let new: BTreeSet<&String> = page.iter().filter_map(|event| event.case.as_ref()).collect();
    let new: Vec<String> = new.into_iter().filter(|id| !known.contains_key(*id)).cloned().collect();
    for some in new.chunks(KEYS) {
        for row in cases::among(tx, some).await? {
            let touched = Touched { number: row.number, service: row.service, applicant: row.applicant, events: 0 };
            known.insert(row.id, touched);
        }
    }
    Ok(())
}

/// Whom an event concerns besides whoever did it: the applicant of its case, and the person whom it names.
fn about(event: &Event, known: &BTreeMap<String, Touched>) -> BTreeSet<String> {
    let applicant = event.case.as_ref().and_then(|case| known.get(case)).map(|case| case.applicant.clone());
    let named = event.command["facts"]["person"].as_str().map(str::to_owned);
    applicant.into_iter().chain(named).filter(|person| *person != event.actor && !person.is_empty()).collect()
}

/// Learns the names of those of the people who belong to this town or state.
async fn name(tx: &mut Tx, tenant: &str, found: &mut Found) -> anyhow::Result<()> {
    let unknown: Vec<String> =
        found.everybody().into_iter().filter(|id| !found.people.contains_key(*id)).cloned().collect();
    for some in unknown.chunks(KEYS) {
        for person in people::among(tx, some).await? {
            found.people.insert(person.id.clone(), (tenant.to_owned(), person));
        }
    }
    Ok(())
}

/// An instant to the second, with its offset.
fn time(ms: i64, offset_minutes: i32) -> String {
    let at = Moment::new(ms, offset_minutes);
    let (second, offset) = (ms.div_euclid(1_000).rem_euclid(60), offset_minutes.abs());
    let sign = if offset_minutes < 0 { '-' } else { '+' };
    format!(
        "{}T{:02}:{:02}:{second:02}{sign}{:02}:{:02}",
        at.day(),
        at.minute() / 60,
        at.minute() % 60,
        offset / 60,
        offset % 60
    )
}

/// The same for people, a line each.
pub fn summary(found: &Found, asked: &Asked) -> Vec<String> {
    let at = |ms: i64| time(ms, asked.offset_minutes);
    let mut text = vec![
        format!("From {} to {}", at(asked.from_ms), at(asked.until_ms)),
        format!(
            "{} events by {} actors; {} people concerned, {} cases, {} sessions",
            found.events,
            found.actors.len(),
            found.concerned.len(),
            found.cases.len(),
            found.sessions
        ),
    ];
    let mut part = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            text.push(title.to_owned());
            text.extend(lines.into_iter().map(|line| format!("  {line}")));
        }
    };
    part("What was done", found.words.iter().map(|(word, events)| format!("{word}: {events}")).collect());
    let did = |(id, (kind, events)): (&String, &(String, u64))| format!("{} ({kind}): {events}", found.called(id));
    part("Who did it", found.actors.iter().map(did).collect());
    let concerned = |(id, events): (&String, &u64)| {
        let mobile = found.people.get(id).and_then(|(_, person)| person.mobile.as_deref()).unwrap_or_default();
        format!("{} {mobile}: {events}", found.called(id))
    };
    part("Whom it concerned", found.concerned.iter().map(concerned).collect());
    text
}
