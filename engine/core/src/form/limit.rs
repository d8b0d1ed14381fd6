//! Limits of fields: the least, the most, how many.

use super::DayLimit;
use super::check::Checker;
use super::checks::{bad_limit, min_above_max};
use super::yaml::{FieldYaml, Limit};
use crate::base::date::parse_day;
use crate::source::checks::wrong_shape;
use crate::source::scalar::Scalar;
use crate::source::{At, Shape};

/// The largest whole number that is asked for: every reader of JSON keeps fifteen digits.
pub(crate) const LARGEST: i64 = 999_999_999_999_999;

impl Checker<'_, '_> {
    /// A whole number from `least` to `most`, or `otherwise` if nothing is written.
    pub(super) fn count(
        &mut self,
        written: Option<&At<i64>>,
        what: &str,
        least: i64,
        most: i64,
        otherwise: i64,
    ) -> Option<usize> {
        let value = written.map_or(otherwise, |written| written.value);
        if let Some(written) = written.filter(|_| !(least..=most).contains(&value)) {
            self.out.push(bad_limit::outside(what, least, most, &written.at));
            return None;
        }
        usize::try_from(value).ok()
    }

    /// The least and the most of how many.
    pub(super) fn how_many(
        &mut self,
        yaml: &FieldYaml,
        optional: bool,
        most: usize,
        otherwise: usize,
    ) -> Option<(usize, usize)> {
        let (min, max) = self.limits(yaml, |limit, checker| {
            let read = checker.number(limit)?;
            let fits = usize::try_from(read).ok().filter(|count| *count <= most);
            if fits.is_none() {
                checker.out.push(bad_limit::outside(
                    "how many",
                    0,
                    i64::try_from(most).expect("a small constant"),
                    &limit.0.at,
                ));
            }
            fits
        })?;
        Some((min.unwrap_or(usize::from(!optional)), max.unwrap_or(otherwise)))
    }

    pub(super) fn number(&mut self, limit: &Limit) -> Option<i64> {
        let value = self.scalar::<i64>(limit)?;
        if value.abs() > LARGEST {
            self.out.push(bad_limit::outside("a number", -LARGEST, LARGEST, &limit.0.at));
            return None;
        }
        Some(value)
    }

    pub(super) fn scalar<T: Scalar>(&mut self, limit: &Limit) -> Option<T>
    where
        At<T>: Shape,
    {
        if limit.0.scalar().is_none() {
            self.out.push(wrong_shape::diagnostic(&limit.0, T::WHAT, T::EXAMPLE));
            return None;
        }
        At::<T>::read(&limit.0, self.out).map(|at| at.value)
    }

    /// Both limits; the outer `None` means that one of them is wrong.
    pub(super) fn both<T>(
        &mut self,
        yaml: &FieldYaml,
        mut read: impl FnMut(&Limit, &mut Self) -> Option<T>,
    ) -> Option<(Option<T>, Option<T>)> {
        let min = yaml.min.as_ref().map(|limit| read(limit, self));
        let max = yaml.max.as_ref().map(|limit| read(limit, self));
        let min = if let Some(min) = min { Some(min?) } else { None };
        let max = if let Some(max) = max { Some(max?) } else { None };
        Some((min, max))
    }

    /// Both limits, of which the least may not be above the most.
    pub(super) fn limits<T: PartialOrd>(
        &mut self,
        yaml: &FieldYaml,
        read: impl FnMut(&Limit, &mut Self) -> Option<T>,
    ) -> Option<(Option<T>, Option<T>)> {
        let (min, max) = self.both(yaml, read)?;
        if let (Some(least), Some(most), Some(written), Some(above)) = (&min, &max, &yaml.min, &yaml.max)
            && least > most
        {
            self.out.push(min_above_max::diagnostic(
                written.0.scalar().unwrap_or(""),
                above.0.scalar().unwrap_or(""),
                &written.0.at,
            ));
            return None;
        }
        Some((min, max))
    }
}

/// Reads `today`, `today + 30 days`, `today - 1 day` or an ISO day.
pub(crate) fn day_limit(text: &str) -> Option<DayLimit> {
    let Some(rest) = text.strip_prefix("today") else { return parse_day(text).map(DayLimit::On) };
    if rest.is_empty() {
        return Some(DayLimit::Today(0));
    }
    let (sign, rest) = match (rest.strip_prefix(" + "), rest.strip_prefix(" - ")) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        _ => return None,
    };
    let count: i64 = rest.strip_suffix(" days").or_else(|| rest.strip_suffix(" day"))?.parse().ok()?;
    (0..=73_000).contains(&count).then_some(DayLimit::Today(sign * count))
}
