//! The seam between the store and those who use it. In use nothing stands there; a simulation stands
//! there to say who goes first, to lose answers, and to plant mistakes that it ought to find.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;

use super::conn::Conn;
use super::error::{Error, Result};

/// Stands between the store and those who use it.
pub trait Seam: Send + Sync {
    /// Somebody is about to do something; he waits for the answer, which says what becomes of it.
    fn at(&self, point: Point) -> Pin<Box<dyn Future<Output = Fate> + Send + '_>>;

    /// A transaction that writes has ended, in whichever way.
    fn left(&self);

    /// What is sent instead of a statement.
    fn said(&self, sql: Cow<'static, str>) -> Cow<'static, str> {
        sql
    }
}

/// What somebody is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    /// To begin a transaction that reads.
    Read,
    /// To begin a transaction that writes.
    Begin,
    /// To commit one.
    Commit,
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is done.
    Done,
    /// It is not done, and whoever asked is told so: somebody was in the way.
    Refused,
    /// It is done, but the answer is lost: whoever asked cannot know.
    AnswerLost,
    /// It is not done, and the answer is lost as well.
    Lost,
}

/// The place of one transaction at the seam.
pub(super) struct Seat {
    pub(super) seam: Arc<dyn Seam>,
    writes: bool,
}

impl Drop for Seat {
    fn drop(&mut self) {
        if self.writes {
            self.seam.left();
        }
    }
}

impl Seat {
    /// Begins: nothing has happened yet, so whatever becomes of it, nothing is there to be undone.
    pub(super) async fn take(seam: &Arc<dyn Seam>, point: Point) -> Result<Self> {
        match seam.at(point).await {
            Fate::Done => Ok(Self { seam: Arc::clone(seam), writes: point == Point::Begin }),
            Fate::Refused => Err(Error::Busy),
            Fate::AnswerLost | Fate::Lost => Err(lost()),
        }
    }

    /// Commits what was written on `conn`, or does not.
    pub(super) async fn commit(&self, conn: Conn) -> Result<()> {
        if !self.writes {
            return conn.commit().await;
        }
        match self.seam.at(Point::Commit).await {
            Fate::Done => conn.commit().await,
            Fate::Refused => conn.rollback().await.and(Err(Error::Busy)),
            Fate::AnswerLost => conn.commit().await.and(Err(lost())),
            Fate::Lost => conn.rollback().await.and(Err(lost())),
        }
    }
}

/// What a driver says when the line is cut.
fn lost() -> Error {
    Error::Database(sqlx::Error::Io(std::io::ErrorKind::ConnectionReset.into()))
}
