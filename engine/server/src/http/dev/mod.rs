//! Pages for those who write definitions.

use super::routes::Route;

/// The pages of implementers.
pub static ROUTES: &[Route] = &[];
