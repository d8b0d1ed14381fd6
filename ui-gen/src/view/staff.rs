//! Who works for the town, and who holds which post.

use serde::Serialize;

use super::common::{ActionLink, Happening, Row, Tag};

/// `/{tenant}/desk/staff`: everybody who works for the town.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Staff {
    /// Where the search leads.
    pub action: String,
    /// What was searched for.
    pub query: String,
    /// How many fit.
    pub total: String,
    /// Those of them who are shown.
    pub rows: Vec<StaffRow>,
    /// What can be done.
    pub actions: Vec<ActionLink>,
}

/// Somebody in the list.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StaffRow {
    /// The page of the person.
    pub href: String,
    /// The name.
    pub name: String,
    /// What is typed to sign in; empty for nothing.
    pub login: String,
    /// The posts held today, one line each.
    pub posts: Vec<String>,
    /// Whether the person can sign in.
    pub state: Tag,
}

/// `/{tenant}/desk/staff/{person}`: the posts of one person.
#[derive(Debug, Clone, Default, Serialize)]
pub struct StaffMember {
    /// The name.
    pub name: String,
    /// User name, second factor, leave.
    pub rows: Vec<Row>,
    /// What can be done.
    pub actions: Vec<ActionLink>,
    /// Posts, those of today first.
    pub posts: Vec<Post>,
    /// What was changed, the latest first.
    pub history: Vec<Happening>,
    /// Tokens of programs that work for the person, the latest first, as posts are shown.
    pub tokens: Vec<Post>,
    /// A password that was just made, shown once; empty for none.
    pub password: String,
}

/// A post that somebody holds, held or will hold.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Post {
    /// The role.
    pub role: String,
    /// For which service.
    pub service: String,
    /// Places, departments, powers, whose post it is: a line each.
    pub about: Vec<String>,
    /// From when until when.
    pub span: String,
    /// Whether it is held today.
    pub state: Tag,
    /// What can be done with it.
    pub actions: Vec<ActionLink>,
}
