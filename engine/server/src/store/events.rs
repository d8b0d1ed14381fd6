//! Events: what happened, chained by hashes, one chain for each tenant. Only added to.

use std::borrow::Cow;
use std::collections::BTreeSet;

use engine::case::{Actor, ActorKind};
use serde::Serializer as _;
use serde_json::{Value as Json, json};

use super::db::{Row, Val, Writes, vals};
use super::digest::{self, Marks};
use super::error::{Error, Result};
use super::tx::Tx;
use super::vault::{self, Cells, Place};

/// Who did something, and when.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// The person's key.
    pub person: &'a str,
    /// What kind of actor.
    pub kind: ActorKind,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
}

impl<'a> By<'a> {
    /// `actor`, at `at_ms`.
    pub fn new(actor: &'a Actor, at_ms: i64) -> Self {
        Self { person: &actor.person, kind: actor.kind, at_ms }
    }

    /// Nagar itself.
    pub fn system(at_ms: i64) -> By<'static> {
        By { person: "system", kind: ActorKind::System, at_ms }
    }
}

/// The word for a kind of actor.
pub(super) fn kind_word(kind: ActorKind) -> &'static str {
    match kind {
        ActorKind::Citizen => "citizen",
        ActorKind::Employee => "employee",
        ActorKind::Counter => "counter",
        ActorKind::System => "system",
    }
}

/// An event as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Counted from 1 within the tenant, without gaps.
    pub seq: i64,
    /// The case it is about, if it is about one.
    pub case: Option<String>,
    /// The version it brought the case to; `None` if it left the case as it was.
    pub version: Option<i64>,
    /// When.
    pub at_ms: i64,
    /// Who: the person's key.
    pub actor: String,
    /// What kind of actor: `citizen`, `employee`, `counter`, `system`.
    pub actor_kind: String,
    /// What was asked: `word` names it.
    pub command: Json,
    /// What came of it.
    pub outcome: Json,
    /// The key under which it was asked.
    pub key: Option<String>,
    /// The hash of the event before it; empty for the first.
    pub previous_hash: String,
    /// Its own hash.
    pub hash: String,
}

/// The end of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The number of the last event; 0 if there is none.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
}

/// The event that was just added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedEvent {
    /// Its number in the tenant's chain.
    pub seq: i64,
    /// The version of the case; `None` if the case stayed as it was.
    pub version: Option<i64>,
    /// Its hash: what a receipt of this act may show.
    pub hash: String,
}

/// What is about to be added.
pub(super) struct NewEvent<'a> {
    pub(super) case: Option<&'a str>,
    pub(super) version: Option<i64>,
    pub(super) by: By<'a>,
    pub(super) command: &'a Json,
    /// The text of a JSON document, and that of another one with what is sealed of it, if anything is.
    pub(super) outcome: (String, Option<String>),
    pub(super) key: Option<&'a str>,
}

/// What people said with a command: sealed where the case has a key.
const SAID: [&str; 5] = ["answers", "comment", "text", "reason", "flags"];

/// Where sealed documents stand in a row of [`COLUMNS`].
pub(super) const CELLS: Cells = Cells {
    table: "events",
    columns: &[(6, "command"), (7, "outcome")],
    row: |row| Ok(row.int(0)?.to_string()),
    case: |row| row.maybe_text(1),
};

const COLUMNS: &str =
    "seq, case_id, case_version, at_ms, actor, actor_kind, command, outcome, idempotency_key, previous_hash, hash";

/// The end of the tenant's chain, held until this transaction ends.
pub(super) async fn hold_head(tx: &mut Tx) -> Result<Head> {
    if let Some(head) = &tx.head {
        return Ok(head.clone());
    }
    tx.first_in_line().await;
    let sql = select_head(tx);
    let mut found = tx.first(sql.clone(), Vec::new()).await?;
    if found.is_none() {
        tx.execute(
            "insert into chains (tenant, seq, hash) values ($1, 0, '') on conflict (tenant) do nothing",
            Vec::new(),
        )
        .await?;
        found = tx.first(sql, Vec::new()).await?;
    }
    let head = read_head(&found.expect("the row was just made"))?;
    tx.head = Some(head.clone());
    Ok(head)
}

/// Holds the end of the tenant's chain until this transaction ends, before it holds back its writes.
pub async fn hold(tx: &mut Tx) -> Result<()> {
    hold_head(tx).await.map(drop)
}

/// The statement that finds and holds the end of the chain.
pub(super) fn select_head(tx: &Tx) -> String {
    format!("select seq, hash from chains where tenant = $1{}", tx.lock())
}

/// What that statement found.
pub(super) fn read_head(row: &Row) -> Result<Head> {
    Ok(Head { seq: row.int(0)?, hash: row.text(1)? })
}

/// A command in two: what is clear, and what people said with it, if anything.
fn parted(command: &Json) -> (String, Option<String>) {
    let silent = |value: &Json| match value {
        Json::Null => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        _ => false,
    };
    let says = SAID.iter().any(|said| command.get(said).is_some_and(|value| !silent(value)));
    let Some(members) = command.as_object().filter(|_| says) else { return (command.to_string(), None) };
    let is_said = |(name, _): &(&String, &Json)| SAID.contains(&name.as_str());
    let clear = object(members.iter().filter(|member| !is_said(member)));
    (clear, Some(object(members.iter().filter(is_said))))
}

/// The text of an object with these members.
fn object<'a>(members: impl Iterator<Item = (&'a String, &'a Json)>) -> String {
    let mut octets = Vec::new();
    let written = serde_json::Serializer::new(&mut octets).collect_map(members);
    written.expect("names are texts, and memory takes what is written to it");
    String::from_utf8(octets).expect("JSON is UTF-8")
}

/// Adds the statements that append an event to `writes`; the head must be held.
pub(super) fn append_to(tx: &mut Tx, writes: &mut Writes<'_>, event: NewEvent<'_>) -> Result<RecordedEvent> {
    let seq = tx.head.as_ref().map_or(0, |head| head.seq) + 1;
    let name = seq.to_string();
    let (command, said) =
        if vault::seals_case(tx, event.case) { parted(event.command) } else { (event.command.to_string(), None) };
    let place = |column: &'static str| Place { table: "events", column, row: &name };
    let command = vault::document(tx, event.case, place("command"), command, said)?;
    let outcome = vault::document(tx, event.case, place("outcome"), event.outcome.0, event.outcome.1)?;
    let mut head = tx.head.take().expect("the head is held before anything is appended");
    head.seq = seq;
    let mut row: Vec<Val<'static>> = vals![
        head.seq,
        event.case.map(str::to_owned),
        event.version,
        event.by.at_ms,
        event.by.person.to_owned(),
        kind_word(event.by.kind),
        command,
        outcome,
        event.key.map(str::to_owned),
        std::mem::take(&mut head.hash),
    ];
    let tenant = std::iter::once(Some(Cow::Borrowed(tx.tenant())));
    head.hash = digest::chain(tenant.chain(row.iter().map(Val::cell)));
    row.push(Val::from(head.hash.clone()));
    writes.add(
        "insert into events (tenant, seq, case_id, case_version, at_ms, actor, actor_kind, command, outcome, idempotency_key, previous_hash, hash) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        row,
    );
    writes.add("update chains set seq = $2, hash = $3 where tenant = $1", vals![head.seq, head.hash.clone()]);
    tx.head = Some(head.clone());
    Ok(RecordedEvent { seq: head.seq, version: event.version, hash: head.hash })
}

/// Appends an event that moves no case: an appointment, a paper, a publication. `word` names it,
/// `facts` are for people who read the history, `marks` vouch for the rows.
pub(super) async fn append(
    tx: &mut Tx,
    by: By<'_>,
    case: Option<&str>,
    told: (&str, Json),
    marks: &Marks,
) -> Result<RecordedEvent> {
    append_once(tx, by, (case, None), told, marks).await
}

/// The same under a key, if one is given, which no other event of the tenant has.
async fn append_once(
    tx: &mut Tx,
    by: By<'_>,
    (case, key): (Option<&str>, Option<&str>),
    (word, facts): (&str, Json),
    marks: &Marks,
) -> Result<RecordedEvent> {
    hold_head(tx).await?;
    let command = json!({ "v": 1, "word": word, "facts": facts });
    let outcome = (json!({ "v": 1, "rows": marks }).to_string(), None);
    let mut writes = Writes::default();
    let event = NewEvent { case, version: None, by, command: &command, outcome, key };
    let recorded = append_to(tx, &mut writes, event)?;
    tx.write(writes).await?;
    Ok(recorded)
}

/// Writes down something that happened and left no row: a sign-in, a denial, an export, a look at
/// what is masked. `word` names it.
pub async fn note(tx: &mut Tx, by: By<'_>, case: Option<&str>, word: &str, facts: Json) -> Result<RecordedEvent> {
    append(tx, by, case, (word, facts), &Marks::default()).await
}

/// Whether `person` did with a case what `word` names, since the instant `since_ms`, and the facts say `value` under
/// `name`: so something is written down once a day. It looks at the events of this case alone, and opens none.
pub async fn is_noted(
    tx: &mut Tx,
    case: &str,
    (person, word): (&str, &str),
    (name, value): (&str, &str),
    since_ms: i64,
) -> Result<bool> {
    did(tx, case, person, format!("%\"word\":\"{word}\"%\"{name}\":\"{value}\"%"), since_ms).await
}

/// Whether `person` said of a case that was offered that it is none of theirs. It looks as [`is_noted`] does.
pub async fn has_declined(tx: &mut Tx, case: &str, person: &str) -> Result<bool> {
    did(tx, case, person, "%\"word\":\"take_up\"%\"mine\":false%".to_owned(), 0).await
}

/// Whether it was written down since the instant `since_ms` that `person` read what is personal in a case. It looks as
/// [`is_noted`] does.
pub async fn has_looked(tx: &mut Tx, case: &str, person: &str, since_ms: i64) -> Result<bool> {
    did(tx, case, person, "%\"word\":\"look\"%".to_owned(), since_ms).await
}

/// Whether `person` brought to a case a command that is `told` so, since the instant `since_ms`.
async fn did(tx: &mut Tx, case: &str, person: &str, told: String, since_ms: i64) -> Result<bool> {
    let sql = "select seq from events where tenant = $1 and case_id = $2 and actor = $3 and at_ms >= $4 \
               and command like $5 limit 1";
    Ok(tx.first(sql, vals![case, person, since_ms, told]).await?.is_some())
}

/// The end of the tenant's chain: publish it elsewhere, and a missing tail can be noticed.
pub async fn head(tx: &mut Tx) -> Result<Head> {
    let found = tx.first("select seq, hash from chains where tenant = $1", Vec::new()).await?;
    found.as_ref().map_or_else(|| Ok(Head { seq: 0, hash: String::new() }), read_head)
}

/// The end of the chain as it was written down on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayEnd {
    /// The day, as `2026-04-06`.
    pub day: String,
    /// When, in milliseconds since 1970 UTC.
    pub at_ms: i64,
    /// The end.
    pub end: Head,
}

/// What the keys of the ends of days begin with. What people and programs send has keys that begin otherwise.
const DAY_END: &str = "end:";

/// Writes down for `day` where the chain ends now. A day has one end: whoever comes second gets what was written.
pub async fn end_day(tx: &mut Tx, at_ms: i64, day: &str) -> Result<DayEnd> {
    // Held first, so that two who come at once come one after the other.
    let end = hold_head(tx).await?;
    let key = format!("{DAY_END}{day}");
    if let Some(event) = by_key(tx, &key).await? {
        return day_end(&event);
    }
    let facts = json!({ "day": day, "seq": end.seq, "hash": end.hash });
    append_once(tx, By::system(at_ms), (None, Some(key.as_str())), ("day_end", facts), &Marks::default()).await?;
    Ok(DayEnd { day: day.to_owned(), at_ms, end })
}

/// The ends of days, at most `limit`, the latest first.
pub async fn day_ends(tx: &mut Tx, limit: i64) -> Result<Vec<DayEnd>> {
    let sql = format!(
        "select {COLUMNS} from events where tenant = $1 and idempotency_key >= $2 and idempotency_key < $3 \
         order by idempotency_key desc limit $4"
    );
    let rows = tx.fetch(sql, vals![DAY_END, format!("{DAY_END}~"), limit]).await?;
    rows.iter().map(|row| day_end(&read(row)?)).collect()
}

fn day_end(event: &Event) -> Result<DayEnd> {
    let facts = &event.command["facts"];
    let (Some(day), Some(seq), Some(hash)) = (facts["day"].as_str(), facts["seq"].as_i64(), facts["hash"].as_str())
    else {
        return Err(Error::Corrupt(format!("event {} tells no end of a day", event.seq)));
    };
    Ok(DayEnd { day: day.to_owned(), at_ms: event.at_ms, end: Head { seq, hash: hash.to_owned() } })
}

/// Everything that happened to a case, in order.
pub async fn history(tx: &mut Tx, case: &str) -> Result<Vec<Event>> {
    let sql = format!("select {COLUMNS} from events where tenant = $1 and case_id = $2 order by seq");
    let rows = tx.fetch(sql, vals![case]).await?;
    tx.open(&CELLS, rows).await?.iter().map(read).collect()
}

/// At most `limit` events of the tenant after number `after`.
pub async fn all(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Event>> {
    let sql = format!("select {COLUMNS} from events where tenant = $1 and seq > $2 order by seq limit $3");
    let rows = tx.fetch(sql, vals![after, limit]).await?;
    tx.open(&CELLS, rows).await?.iter().map(read).collect()
}

/// That somebody did something: without what was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// The number of the event.
    pub seq: i64,
    /// When.
    pub at_ms: i64,
    /// Who: the person's key.
    pub actor: String,
    /// What kind of actor.
    pub kind: String,
    /// The case it was about, if it was about one.
    pub case: Option<String>,
    /// The word that names it.
    pub word: String,
}

/// What was done from the instant `from_ms` on and before `until_ms`, in order. It goes through the whole chain.
pub async fn deeds(tx: &mut Tx, from_ms: i64, until_ms: i64) -> Result<Vec<Deed>> {
    let sql = "select seq, at_ms, actor, actor_kind, case_id, command from events \
               where tenant = $1 and at_ms >= $2 and at_ms < $3 order by seq";
    let mut deeds = Vec::new();
    tx.each(sql.to_owned(), vals![from_ms, until_ms], |row| {
        let command: Json = serde_json::from_str(&row.text(5)?)
            .map_err(|error| Error::Corrupt(format!("an event's document: {error}")))?;
        deeds.push(Deed {
            seq: row.int(0)?,
            at_ms: row.int(1)?,
            actor: row.text(2)?,
            kind: row.text(3)?,
            case: row.maybe_text(4)?,
            word: command["word"].as_str().unwrap_or_default().to_owned(),
        });
        Ok(())
    })
    .await?;
    Ok(deeds)
}

/// At most `limit` events of a span of time, its last millisecond included, after number `after`.
pub async fn within(tx: &mut Tx, (from_ms, until_ms): (i64, i64), after: i64, limit: i64) -> Result<Vec<Event>> {
    let sql = format!(
        "select {COLUMNS} from events where tenant = $1 and seq > $2 and at_ms >= $3 and at_ms <= $4 order by seq limit $5"
    );
    tx.fetch(sql, vals![after, from_ms, until_ms, limit]).await?.iter().map(read).collect()
}

/// At most `limit` events before number `before` (all if it is 0), the latest first; without those of cases unless
/// they are asked for.
pub async fn latest(tx: &mut Tx, before: i64, with_cases: bool, limit: i64) -> Result<Vec<Event>> {
    let without = if with_cases { "" } else { " and case_id is null" };
    let sql = format!(
        "select {COLUMNS} from events where tenant = $1 and ($2 = 0 or seq < $2){without} order by seq desc limit $3"
    );
    tx.fetch(sql, vals![before, limit]).await?.iter().map(read).collect()
}

/// What was changed about a person and concerns no case, the latest first: events with these words, at most
/// `limit`.
pub async fn about_person(tx: &mut Tx, person: &str, words: &[&str], limit: i64) -> Result<Vec<Event>> {
    let sql = format!(
        "select {COLUMNS} from events where tenant = $1 and case_id is null and command like $2 order by seq desc limit $3"
    );
    let found = tx.fetch(sql, vals![format!("%\"person\":\"{person}\"%"), limit]).await?;
    let mut events: Vec<Event> = found.iter().map(read).collect::<Result<_>>()?;
    events.retain(|event| event.command["word"].as_str().is_some_and(|word| words.contains(&word)));
    Ok(events)
}

/// The event that was recorded under an idempotency key.
pub async fn by_key(tx: &mut Tx, key: &str) -> Result<Option<Event>> {
    let sql = format!("select {COLUMNS} from events where tenant = $1 and idempotency_key = $2");
    let rows = tx.fetch(sql, vals![key]).await?;
    tx.open(&CELLS, rows).await?.first().map(read).transpose()
}

/// Those of `keys` under which events were recorded; at most 500 keys.
pub async fn known_keys(tx: &mut Tx, keys: &[String]) -> Result<BTreeSet<String>> {
    if keys.is_empty() {
        return Ok(BTreeSet::new());
    }
    let holes: Vec<String> = (0..keys.len()).map(|at| format!("${}", at + 2)).collect();
    let sql =
        format!("select idempotency_key from events where tenant = $1 and idempotency_key in ({})", holes.join(", "));
    let values = keys.iter().map(Val::from).collect();
    tx.fetch(sql, values).await?.iter().map(|row| row.text(0)).collect()
}

/// The keys of events that begin with `prefix`, which ends in a character below `~`.
pub async fn keys_beginning(tx: &mut Tx, prefix: &str) -> Result<Vec<String>> {
    let sql = "select idempotency_key from events where tenant = $1 and idempotency_key >= $2 and idempotency_key < $3";
    tx.fetch(sql, vals![prefix, format!("{prefix}~")]).await?.iter().map(|row| row.text(0)).collect()
}

/// The statement that finds every event of the tenant, in order.
pub(super) fn select_all() -> String {
    format!("select {COLUMNS} from events where tenant = $1 order by seq")
}

/// What the hash of a stored event ought to be.
pub(super) fn expected_hash(tenant: &str, row: &Row) -> Result<String> {
    let mut cells = vec![Some(tenant.to_owned())];
    for at in 0..row.width() - 1 {
        cells.push(row.cell(at)?);
    }
    Ok(digest::chain(cells.into_iter()))
}

/// Reads a row of [`select_all`].
pub(super) fn read(row: &Row) -> Result<Event> {
    let json = |at: usize| -> Result<Json> {
        serde_json::from_str(&row.text(at)?).map_err(|error| Error::Corrupt(format!("an event's document: {error}")))
    };
    Ok(Event {
        seq: row.int(0)?,
        case: row.maybe_text(1)?,
        version: row.maybe_int(2)?,
        at_ms: row.int(3)?,
        actor: row.text(4)?,
        actor_kind: row.text(5)?,
        command: json(6)?,
        outcome: json(7)?,
        key: row.maybe_text(8)?,
        previous_hash: row.text(9)?,
        hash: row.text(10)?,
    })
}
