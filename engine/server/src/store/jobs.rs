//! Jobs: outside work that waits to be done, at least once and soon.
//!
//! A worker claims a job for a while and gets an epoch with it; what it says about the job later
//! counts only while that epoch is the latest, so a worker that was thought dead changes nothing.

use serde_json::Value as Json;

use super::db::{Row, Writes, vals};
use super::error::{Error, Result};
use super::tx::Tx;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Compose a message and send it.
    Notice,
    /// Issue a paper.
    Paper,
    /// Ask the gateway what became of a payment.
    Payment,
    /// Let a program answer a page.
    Program,
    /// Send the code by which an application is followed.
    Code,
}

impl Kind {
    /// Its name in the store.
    pub fn word(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Paper => "paper",
            Self::Payment => "payment",
            Self::Program => "program",
            Self::Code => "code",
        }
    }

    fn read(word: &str) -> Result<Self> {
        ALL.into_iter()
            .find(|kind| kind.word() == word)
            .ok_or_else(|| Error::Corrupt(format!("`{word}` is no kind of job")))
    }
}

/// Every kind.
pub const ALL: [Kind; 5] = [Kind::Notice, Kind::Paper, Kind::Payment, Kind::Program, Kind::Code];

/// A job to be added.
#[derive(Clone, Copy, Debug)]
pub struct NewJob<'a> {
    /// Its key in the tenant.
    pub id: &'a str,
    /// What is to be done.
    pub kind: Kind,
    /// What it is about: of one kind, the same key is queued once, ever.
    pub key: &'a str,
    /// What the worker needs to know.
    pub body: &'a Json,
    /// Not before.
    pub due_ms: i64,
}

/// A job that was claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Whose.
    pub tenant: String,
    /// Its key in the tenant.
    pub id: String,
    /// What is to be done.
    pub kind: Kind,
    /// What it is about.
    pub key: String,
    /// What the worker needs to know.
    pub body: Json,
    /// Since when it has been due.
    pub due_ms: i64,
    /// The claim: counts up with each.
    pub epoch: i64,
    /// How often it was tried, this time included.
    pub tries: i64,
}

/// The key of a job that a case's new version asks for.
pub fn key_of(case: &str, version: i64, name: &str) -> String {
    format!("{case}:{version}:{name}")
}

const INSERT: &str = "insert into jobs (tenant, id, kind, key, body, due_ms, claimed_until_ms, epoch, tries, state, last_error) \
                      values ($1, $2, $3, $4, $5, $6, 0, 0, 0, 'waiting', null) on conflict (tenant, kind, key) do nothing";

/// Adds the statement that queues a job.
pub(super) fn write(writes: &mut Writes<'_>, job: &NewJob<'_>) {
    let (id, key) = (job.id.to_owned(), job.key.to_owned());
    writes.add(INSERT, vals![id, job.kind.word(), key, job.body.to_string(), job.due_ms]);
}

/// Queues a job; `false` if one of this kind and key was queued before.
pub async fn enqueue(tx: &mut Tx, job: &NewJob<'_>) -> Result<bool> {
    let mut writes = Writes::default();
    write(&mut writes, job);
    Ok(tx.write(writes).await?[0] == 1)
}

/// Whether the job of this kind and key is queued and not yet done.
pub async fn waits(tx: &mut Tx, kind: Kind, key: &str) -> Result<bool> {
    let sql = "select id from jobs where tenant = $1 and kind = $2 and key = $3 and state = 'waiting'";
    Ok(tx.first(sql, vals![kind.word(), key]).await?.is_some())
}

/// Claims at most `limit` jobs of any kind that are due at `now_ms`, for `lease_ms`; of all tenants, if
/// the transaction is [`super::EVERYBODY`]'s. No two workers get the same claim.
pub async fn claim(tx: &mut Tx, now_ms: i64, lease_ms: i64, limit: i64) -> Result<Vec<Job>> {
    claim_of(tx, &ALL, now_ms, lease_ms, limit).await
}

/// The same, of these kinds only.
pub async fn claim_of(tx: &mut Tx, kinds: &[Kind], now_ms: i64, lease_ms: i64, limit: i64) -> Result<Vec<Job>> {
    let kinds: Vec<String> = kinds.iter().map(|kind| format!("'{}'", kind.word())).collect();
    let sql = format!(
        "with picked as (select tenant, id from jobs where ($1 = '' or tenant = $1) and state = 'waiting' and due_ms <= $2 \
         and claimed_until_ms <= $2 and kind in ({}) order by due_ms, tenant, id limit $3{}) \
         update jobs set claimed_until_ms = $4, epoch = epoch + 1, tries = tries + 1 \
         where (tenant, id) in (select tenant, id from picked) returning tenant, id, kind, key, body, due_ms, epoch, tries",
        kinds.join(", "),
        tx.lock_free()
    );
    let rows = tx.fetch(sql, vals![now_ms, limit, now_ms + lease_ms]).await?;
    let mut jobs = rows.iter().map(read).collect::<Result<Vec<Job>>>()?;
    jobs.sort_by(|a, b| (a.due_ms, &a.tenant, &a.id).cmp(&(b.due_ms, &b.tenant, &b.id)));
    Ok(jobs)
}

fn read(row: &Row) -> Result<Job> {
    Ok(Job {
        tenant: row.text(0)?,
        id: row.text(1)?,
        kind: Kind::read(&row.text(2)?)?,
        key: row.text(3)?,
        body: serde_json::from_str(&row.text(4)?).map_err(|error| Error::Corrupt(format!("a job: {error}")))?,
        due_ms: row.int(5)?,
        epoch: row.int(6)?,
        tries: row.int(7)?,
    })
}

/// Holds a claimed job until the transaction ends. What a worker writes for a job goes through this: nobody
/// can claim the job before that is written.
///
/// # Errors
/// [`Error::Lost`] if the claim was lost, and somebody else has the job: then nothing is written.
pub async fn hold(tx: &mut Tx, job: &Job) -> Result<()> {
    let sql =
        format!("select id from jobs where tenant = $1 and id = $2 and epoch = $3 and state = 'waiting'{}", tx.lock());
    match tx.first(sql, vals![&job.id, job.epoch]).await? {
        Some(_) => Ok(()),
        None => Err(tx.spoil(Error::Lost)),
    }
}

/// Goes on claiming jobs for `lease_ms` more: whoever works at them is alive.
pub async fn renew(tx: &mut Tx, jobs: &[Job], now_ms: i64, lease_ms: i64) -> Result<()> {
    let sql = "update jobs set claimed_until_ms = $5 where ($1 = '' or tenant = $1) and tenant = $2 and id = $3 and epoch = $4 \
               and state = 'waiting'";
    let mut writes = Writes::default();
    for job in jobs {
        writes.add(sql, vals![&job.tenant, &job.id, job.epoch, now_ms + lease_ms]);
    }
    tx.write(writes).await?;
    Ok(())
}

/// Gives back jobs that were claimed and not begun: whoever comes first has them.
pub async fn give_back(tx: &mut Tx, jobs: &[Job]) -> Result<()> {
    let sql = "update jobs set claimed_until_ms = 0, tries = tries - 1 where ($1 = '' or tenant = $1) and tenant = $2 and id = $3 \
               and epoch = $4 and state = 'waiting'";
    let mut writes = Writes::default();
    for job in jobs {
        writes.add(sql, vals![&job.tenant, &job.id, job.epoch]);
    }
    tx.write(writes).await?;
    Ok(())
}

/// The job is done; `false` if the claim was lost meanwhile, and somebody else has the job.
pub async fn done(tx: &mut Tx, job: &Job) -> Result<bool> {
    let sql = "update jobs set state = 'done', last_error = null where ($1 = '' or tenant = $1) and tenant = $2 and id = $3 and epoch = $4 \
               and state = 'waiting'";
    Ok(tx.execute(sql, vals![&job.tenant, &job.id, job.epoch]).await? == 1)
}

/// The job is done and leaves nothing: no event promised it, and strangers ask for such jobs. `false` as above.
pub async fn done_without_trace(tx: &mut Tx, job: &Job) -> Result<bool> {
    let sql = "delete from jobs where tenant = $1 and id = $2 and epoch = $3 and state = 'waiting'";
    Ok(tx.execute(sql, vals![&job.id, job.epoch]).await? == 1)
}

/// The job did not succeed: it is tried again later, twice as long each time, up to six hours; after
/// `most` tries it is given up and waits for a person. `false` if the claim was lost meanwhile.
pub async fn fail(tx: &mut Tx, job: &Job, why: &str, now_ms: i64, most: i64) -> Result<bool> {
    let state = if job.tries >= most { "dead" } else { "waiting" };
    let due = now_ms + back_off_ms(job.tries);
    let sql = "update jobs set state = $5, last_error = $6, due_ms = $7, claimed_until_ms = 0 where ($1 = '' or tenant = $1) \
               and tenant = $2 and id = $3 and epoch = $4 and state = 'waiting'";
    Ok(tx.execute(sql, vals![&job.tenant, &job.id, job.epoch, state, why, due]).await? == 1)
}

/// How long to wait after the try of this number, counted from 1: 10 s, 20 s, 40 s … six hours.
pub fn back_off_ms(tries: i64) -> i64 {
    let doubled = u32::try_from(tries.max(1) - 1).unwrap_or(u32::MAX).min(20);
    (10_000_i64 << doubled).min(6 * 60 * 60 * 1_000)
}

/// Gives jobs that were given up another chance; how many.
pub async fn revive(tx: &mut Tx, now_ms: i64) -> Result<u64> {
    let sql = "update jobs set state = 'waiting', tries = 0, due_ms = $2, claimed_until_ms = 0 where ($1 = '' or tenant = $1) and state = 'dead'";
    tx.execute(sql, vals![now_ms]).await
}

/// Lets go of messages, and of papers of this name (of all, if none is named), that were due before
/// `before_ms`: what an invented past would have sent is not sent now. How many.
pub async fn let_go(tx: &mut Tx, before_ms: i64, paper: Option<&str>) -> Result<u64> {
    let sql = "update jobs set state = 'done' where ($1 = '' or tenant = $1) and state = 'waiting' and due_ms < $2 \
               and (kind = 'notice' or (kind = 'paper' and body like $3))";
    let pattern = paper.map_or_else(|| "%".to_owned(), |paper| format!("%\"{paper}\"%"));
    tx.execute(sql, vals![before_ms, pattern]).await
}

/// How much work waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Of which kind.
    pub kind: Kind,
    /// `waiting` or `dead`.
    pub state: String,
    /// How many.
    pub count: i64,
    /// Since when the longest has been due.
    pub due_ms: i64,
}

/// How much work waits or was given up, by kind.
pub async fn waiting(tx: &mut Tx) -> Result<Vec<Waiting>> {
    let sql = "select kind, state, count(*), min(due_ms) from jobs where ($1 = '' or tenant = $1) and state <> 'done' \
               group by kind, state order by kind, state";
    let read = |row: &Row| {
        Ok(Waiting { kind: Kind::read(&row.text(0)?)?, state: row.text(1)?, count: row.int(2)?, due_ms: row.int(3)? })
    };
    tx.fetch(sql, Vec::new()).await?.iter().map(read).collect()
}

/// When the next job is due.
pub async fn next_due(tx: &mut Tx) -> Result<Option<i64>> {
    let sql = "select due_ms from jobs where ($1 = '' or tenant = $1) and state = 'waiting' order by due_ms limit 1";
    tx.first(sql, Vec::new()).await?.map(|row| row.int(0)).transpose()
}
