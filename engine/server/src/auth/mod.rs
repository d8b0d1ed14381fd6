//! Who is asking, and what they may do.

pub mod closed;
pub mod factor;
pub mod keys;
pub mod news;
pub mod otp;
pub mod password;
pub mod password_rules;
pub mod policy;
pub mod program;
pub mod seal;
pub mod session;
pub mod token;
pub mod totp;
pub mod turns;

pub use policy::{Citizen, Denied, Employee, Object, Part, Policy, Who, authorize};
