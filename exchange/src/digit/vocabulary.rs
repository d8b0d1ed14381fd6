//! What stands in the code of DIGIT and not in its data: which bill belongs to a workflow, what its actions
//! say of the past. Kept as tables beside this package, for they are data of the other platform.

const SERVICES: &str = include_str!("../../vocabulary/services.csv");
const ACTIONS: &str = include_str!("../../vocabulary/actions.csv");

/// What is known of a service by its code.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Known {
    /// What people call it; empty if nothing is known.
    pub(super) title: &'static str,
    /// The code of its bill.
    pub(super) billing: &'static str,
    /// The name of the format of its numbers.
    pub(super) number: &'static str,
    /// The code list that its form asks from.
    pub(super) list: &'static str,
}

/// What is known of the service `code`.
pub(super) fn service(code: &str) -> Known {
    let row = SERVICES.lines().skip(1).find(|row| row.split(',').next() == Some(code));
    let mut cells = row.unwrap_or_default().split(',').skip(1);
    let mut next = || cells.next().unwrap_or_default();
    Known { title: next(), billing: next(), number: next(), list: next() }
}

/// What the history says once `action` was taken; nothing for an action that DIGIT does not ship.
pub(super) fn done(action: &str) -> Option<&'static str> {
    ACTIONS
        .lines()
        .skip(1)
        .filter_map(|row| row.split_once(','))
        .find(|(name, _)| *name == action)
        .map(|(_, done)| done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_found_by_their_codes() {
        assert_eq!((service("NewTL").billing, service("NewTL").list), ("TL", "trade_types"));
        assert_eq!(service("Unheard").title, "");
        assert_eq!(done("PAY"), Some("Paid"));
        assert_eq!(done("action"), None);
        for table in [SERVICES, ACTIONS] {
            let width = table.lines().next().unwrap().split(',').count();
            assert!(table.lines().all(|row| row.split(',').count() == width), "every row has all cells");
        }
    }
}
