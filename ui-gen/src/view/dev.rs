//! Pages for those who write definitions.

use serde::Serialize;

use super::common::{Link, NavLink, Section, Tag};
use super::field::FieldView;

/// `/dev`: what is loaded.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DevHome {
    /// Every service, with the towns that run it by the same files.
    pub services: Vec<DevServiceLink>,
    /// Whether these are the definitions of one service alone.
    pub one: bool,
    /// Number of diagnostics; empty for none.
    pub problems: String,
    /// Whether saved files are read again by themselves.
    pub watching: bool,
    /// When the definitions were last read, formatted.
    pub loaded: String,
}

/// A definition of a service among the loaded.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DevServiceLink {
    /// Its name.
    pub title: String,
    /// The folder's name.
    pub name: String,
    /// Its diagram.
    pub href: String,
    /// Its form.
    pub form: String,
    /// First digits of the definition's digest.
    pub digest: String,
    /// Served, or not because of errors.
    pub state: Tag,
    /// The towns that run it.
    pub towns: String,
    /// The other definitions of the service, where there are too many to be listed.
    pub more: Option<Link>,
}

/// `/dev/{tenant}/{service}`: how a service goes.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DevService {
    /// The service.
    pub title: String,
    /// The town.
    pub town: String,
    /// The workflow as SVG source, written as it is.
    pub svg: String,
    /// The same as a table.
    pub states: Vec<DevState>,
    /// Which file each part came from.
    pub files: Vec<DevFile>,
    /// Form, diagnostics, start page.
    pub links: Vec<Link>,
}

/// A state in the table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DevState {
    /// Its name in the file.
    pub name: String,
    /// What people read.
    pub label: String,
    /// Start, end: a word; empty for neither.
    pub note: String,
    /// Time it should take; empty for none.
    pub sla: String,
    /// Its actions.
    pub actions: Vec<DevMove>,
}

/// An action in the table.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DevMove {
    /// Its name in the file.
    pub name: String,
    /// What sets it off, as in the file: `by: verifier`.
    pub trigger: String,
    /// Where it leads.
    pub to: String,
    /// Demand, grant, notice; empty for none.
    pub effects: String,
}

/// Where a part of a service came from.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DevFile {
    /// The part: `rates.yaml`.
    pub part: String,
    /// The file that won.
    pub path: String,
    /// Shared, state, town.
    pub origin: String,
}

/// `/dev/{tenant}/{service}/form`: the form as it will be asked.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DevForm {
    /// The service.
    pub title: String,
    /// As citizen, as officer.
    pub views: Vec<NavLink>,
    /// The pages.
    pub pages: Vec<DevFormPage>,
    /// Whether it is shown as wide as a phone.
    pub phone: bool,
}

/// One page of the form.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DevFormPage {
    /// Its name in the file.
    pub name: String,
    /// Its title.
    pub title: String,
    /// When it is asked, as in the file; empty for always.
    pub when: String,
    /// Its questions.
    pub fields: Vec<FieldView>,
    /// Where the page is tried; nothing is kept.
    pub action: String,
    /// Whether what was typed would be accepted; only after it was tried.
    pub accepted: bool,
}

/// `/dev/problems`: diagnostics of everything loaded; or those of a service that is not served.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DevProblems {
    /// The service; empty for everything.
    pub service: String,
    /// The diagnostics, errors first.
    pub problems: Vec<DevProblem>,
    /// When the definitions were last read, formatted.
    pub loaded: String,
    /// Seconds after which the page asks again by itself; 0 for never.
    pub refresh: u32,
}

/// One diagnostic.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DevProblem {
    /// Its code.
    pub code: String,
    /// Error or warning.
    pub severity: Tag,
    /// The fact.
    pub title: String,
    /// `file:line:column`.
    pub place: String,
    /// The lines as a terminal would show them, marks included.
    pub snippet: String,
    /// The remedy; empty for none.
    pub help: String,
}

/// `/dev/reference`: what rules may call, what templates may print, and every check.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DevReference {
    /// A section for each kind.
    pub sections: Vec<Section>,
}

/// `/dev/outbox`: the latest messages of a demonstration.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DevOutbox {
    /// A section for each message, the latest first: to whom it went, from which town, what it says.
    pub sections: Vec<Section>,
}
