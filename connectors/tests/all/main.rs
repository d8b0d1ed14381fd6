//! The connectors as the rest of the product sees them, through their traits.
//!
//! One module per kind holds the conformance test that every connector of that kind passes,
//! and what only one of them promises.

#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests, though the lint does not know it")]

mod demo_gateway;
mod files;
mod identity;
mod identity_tls;
mod message;
mod payment;
mod payment_trouble;
mod scan;
mod support;
