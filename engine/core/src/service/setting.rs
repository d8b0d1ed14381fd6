//! What a compiled service takes from its tenant besides files.

use std::fmt::Write as _;

use crate::base::Text;
use crate::tenant::Tenant;

/// What of a tenant is baked into a compiled service: two tenants of the same setting and the same
/// files have the same service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setting {
    /// The languages in which it must have words.
    pub languages: Vec<String>,
    /// The levels of places, from the top: a question after a place asks for one of them.
    pub levels: Vec<String>,
    /// Month and day on which the financial year begins: rules ask for it.
    pub year_starts: (u32, u32),
    /// The registers that the town keeps, of those for which a question waits (`where_kept`).
    pub registers: Vec<String>,
}

impl Setting {
    /// The setting of a tenant, for a service of which questions wait for these registers of the town.
    pub fn of(tenant: &Tenant, registers: &[String]) -> Self {
        Self {
            languages: tenant.languages.clone(),
            levels: tenant.levels.iter().map(|(name, _)| name.clone()).collect(),
            year_starts: tenant.calendar.financial_year_starts,
            registers: registers.to_vec(),
        }
    }

    /// Whether it is the setting of `tenant` with these registers.
    pub(super) fn is_of(&self, tenant: &Tenant, registers: &[String]) -> bool {
        self.languages == tenant.languages
            && self.registers == registers
            && self.levels.iter().eq(tenant.levels.iter().map(|(name, _)| name))
            && self.year_starts == tenant.calendar.financial_year_starts
    }

    /// The tenant as it was when this was its setting, as far as a service knows it.
    pub(super) fn put_back(&self, tenant: &Tenant) -> Tenant {
        let words = |name: &String| {
            let known = tenant.levels.iter().find(|(known, _)| known == name);
            (name.clone(), known.map_or_else(|| Text::new(name.clone()), |(_, words)| words.clone()))
        };
        let mut then = tenant.clone();
        then.languages.clone_from(&self.languages);
        then.levels = self.levels.iter().map(words).collect();
        then.calendar.financial_year_starts = self.year_starts;
        then
    }

    /// All of it as one text, for the digest.
    pub(super) fn text(&self) -> String {
        let (month, day) = self.year_starts;
        let mut text = format!("{month:02}-{day:02}");
        for (what, names) in [("languages", &self.languages), ("levels", &self.levels)] {
            let _ = write!(text, "\n{what} {}", names.join(" "));
        }
        // Most services wait for none, and are known by the digest that they had before any did.
        if !self.registers.is_empty() {
            let _ = write!(text, "\nregisters {}", self.registers.join(" "));
        }
        text
    }
}
