//! Tests that look inside the store.
