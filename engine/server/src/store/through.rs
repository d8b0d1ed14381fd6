//! Whether a program did something for somebody: what its token brings about says so, whichever event it is.

use engine::case::ActorKind;
use serde_json::json;

/// The token of a program that acts for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Through {
    /// Its key.
    pub token: String,
    /// What people call the program.
    pub name: String,
}

tokio::task_local! {
    static THROUGH: Through;
}

/// Whatever people do in `work` is written down as done by a program with this token. What follows by itself is not.
pub async fn acting<T>(token: Through, work: impl Future<Output = T>) -> T {
    THROUGH.scope(token, work).await
}

/// What an event tells, a JSON document, with the program by which somebody brought it about, if one did that.
pub(super) fn told(kind: ActorKind, told: String) -> String {
    if kind == ActorKind::System || !connectors::control::holds("az_15_through") {
        return told;
    }
    let program = THROUGH.try_with(|through| json!({ "token": through.token, "name": through.name }));
    let Ok(program) = program else { return told };
    match told.strip_suffix('}') {
        Some(open) => format!("{open},\"program\":{program}}}"),
        None => told,
    }
}
