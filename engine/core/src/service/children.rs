//! What conditions of actions know of the cases of other services that a case opened: by name, how each stands.

use super::Service;
use crate::rule::domain::{CHILDREN, FieldDomain};
use crate::workflow::End;

/// It was not opened: nobody needed it, or nobody needs it yet.
pub(crate) const NOT_OPENED: &str = "none";
/// It has not ended.
pub(crate) const OPEN: &str = "open";

impl Service {
    /// Whether conditions know of such cases. A form that asks something of that name means its own question.
    pub(crate) fn knows_children(&self) -> bool {
        !self.children.is_empty() && self.form.field(CHILDREN).is_none()
    }
}

/// The name and what may stand there.
pub(super) fn domain(service: &Service) -> Option<(String, FieldDomain)> {
    let ends = [End::Granted, End::Refused, End::Closed].map(End::word);
    let words = || [NOT_OPENED, OPEN].into_iter().chain(ends).map(str::to_owned).collect::<Vec<String>>();
    let all = service.children.iter().map(|child| (child.name.to_string(), FieldDomain::Choice(words())));
    service.knows_children().then(|| (CHILDREN.to_owned(), FieldDomain::Group(all.collect())))
}
