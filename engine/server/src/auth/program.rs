//! Programs that work for somebody who works for the town, each with a token of its own: what it may be used for,
//! until when, and whose powers it has. They are those that the person holds at that moment, and never more.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use connectors::control::holds;
use engine::tenant::Tenant;

use super::policy::{Employee, Who};
use super::token;
use crate::app::App;
use crate::http::limits;
use crate::problem::Problem;
use crate::store::through::Through;
use crate::store::{appointments, people, program_tokens};

/// How every token begins, so that it is told from a session's and found where somebody published it.
const MARK: &str = "nagar_";

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// To read cases and stocks that the person may see.
    Read,
    /// To open applications at the counter, for somebody.
    Open,
    /// To take actions on cases, and to move numbers of stocks, in the person's roles.
    Act,
}

impl Use {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Read, Self::Open, Self::Act];

    /// As it is kept.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Open => "open",
            Self::Act => "act",
        }
    }
}

/// The uses that a token's row names.
pub fn uses(text: &str) -> Vec<Use> {
    Use::ALL.into_iter().filter(|one| text.split(' ').any(|word| word == one.word())).collect()
}

/// A new token, as the program is given it, and the hash that is kept.
pub fn make(app: &App) -> (String, String) {
    let secret = format!("{MARK}{}", app.chance.secret());
    let hash = token::stored(&secret);
    (secret, hash)
}

/// Whether what was sent is a token of a program, rather than that of a session.
pub fn is_token(secret: &str) -> bool {
    secret.starts_with(MARK)
}

/// A program that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// What its token may be used for.
    pub uses: Vec<Use>,
    /// Its token, as events name it.
    pub through: Through,
}

/// How often programs have asked this node, by the ids of their tokens: when the present window began, and how often
/// since. It is counted with every request, and so in memory.
#[derive(Debug, Default)]
pub struct Asked(Mutex<HashMap<String, (i64, i64)>>);

impl Asked {
    /// Counts a request.
    ///
    /// # Errors
    /// [`Problem::TooMany`] when there were more in this window than [`limits::PROGRAM`] allows.
    pub fn count(&self, token: &str, now_ms: i64) -> Result<(), Problem> {
        let (most, window_ms) = limits::PROGRAM;
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= limits::PROGRAMS_COUNTED {
            all.retain(|_, (from_ms, _)| now_ms - *from_ms < window_ms);
        }
        let (from_ms, count) = all.entry(token.to_owned()).or_insert((now_ms, 0));
        if now_ms - *from_ms >= window_ms {
            (*from_ms, *count) = (now_ms, 0);
        }
        *count += 1;
        if *count <= most {
            return Ok(());
        }
        Err(Problem::TooMany((*from_ms + window_ms - now_ms).div_euclid(1_000) + 1))
    }
}

/// The employee whose token it is, with what is held today, and the program. Nobody if it does not hold here, or the
/// person may not sign in.
pub async fn find(app: &App, secret: &str, tenant: &Tenant) -> Result<Option<(Who, Program)>, Problem> {
    let now = app.clock.now(tenant);
    let mut tx = app.store.read(&tenant.id).await?;
    let Some(token) = program_tokens::find(&mut tx, &token::stored(secret), now.ms).await? else { return Ok(None) };
    let person = people::find(&mut tx, &token.person).await?;
    let Some(person) = person.filter(|person| !person.disabled && person.kind == "employee") else {
        return Ok(None);
    };
    let held = appointments::of_person(&mut tx, &person.id, now.day()).await?;
    drop(tx);
    if holds("ops_03_program") {
        app.programs.count(&token.id, now.ms)?;
    }
    if token.seen_ms.is_none_or(|seen_ms| now.ms - seen_ms > limits::SEEN_MS) {
        let mut tx = app.store.begin(&tenant.id).await?;
        program_tokens::seen(&mut tx, &token.id, now.ms).await?;
        tx.commit().await?;
    }
    let who = Who::Employee(Employee { id: person.id, tenant: tenant.id.clone(), name: person.name, held });
    let program = Program { uses: uses(&token.uses), through: Through { token: token.id, name: token.name } };
    Ok(Some((who, program)))
}
