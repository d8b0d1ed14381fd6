//! How cases of a service are sent and looked up by Open311 `GeoReport` v2: which question takes which of its
//! parameters. All other questions of the applicant are its attributes.

use super::Service;
use crate::base::Name;
use crate::form::{Field, Kind};
use crate::source::At;

/// The questions that take parameters of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open311 {
    /// A choice: each of its options is a kind of request. The service is the only kind where there is none.
    pub codes: Option<At<Name>>,
    /// A text: `description`.
    pub description: At<Name>,
    /// A point: `lat` and `long`.
    pub point: Option<At<Name>>,
    /// A place: `address_id`.
    pub place: Option<At<Name>>,
    /// A text: `address_string`.
    pub address: Option<At<Name>>,
    /// A text: `first_name` and `last_name`.
    pub name: Option<At<Name>>,
}

impl Open311 {
    /// The questions that are named, each with the kind that it has to be.
    pub fn named(&self) -> Vec<(&At<Name>, &'static str)> {
        let maybe = [
            (&self.codes, "choice"),
            (&self.point, "point"),
            (&self.place, "place"),
            (&self.address, "text"),
            (&self.name, "text"),
        ];
        let maybe = maybe.into_iter().filter_map(|(name, kind)| Some((name.as_ref()?, kind)));
        std::iter::once((&self.description, "text")).chain(maybe).collect()
    }

    /// Whether `field` takes a parameter of its own that no attribute repeats. A place can also be chosen as an
    /// attribute, whose values say which places there are.
    pub fn takes(&self, field: &Field) -> bool {
        let of_its_own = [
            Some(&self.description),
            self.codes.as_ref(),
            self.point.as_ref(),
            self.address.as_ref(),
            self.name.as_ref(),
        ];
        of_its_own.into_iter().flatten().any(|name| name.value == field.name)
    }
}

/// Whether a question can be an attribute: what is answered in one line, or chosen.
pub fn is_attribute(kind: &Kind) -> bool {
    !matches!(
        kind,
        Kind::File { .. }
            | Kind::Photo { .. }
            | Kind::List { .. }
            | Kind::Group { .. }
            | Kind::Record { .. }
            | Kind::Point
    )
}

impl Service {
    /// The questions of the applicant that are attributes of a request, in their order.
    pub fn attributes(&self) -> Vec<&Field> {
        let Some(open311) = &self.open311 else { return Vec::new() };
        let fields = self.form.pages_by(None).flat_map(|page| &page.fields);
        fields.filter(|field| !open311.takes(field) && is_attribute(&field.kind)).collect()
    }
}
