//! Tests written by authors, and random walks.
