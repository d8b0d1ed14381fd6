//! Who is asking, and what they may do.

pub mod keys;
pub mod otp;
pub mod password;
pub mod policy;
pub mod seal;
pub mod session;
pub mod token;

pub use policy::{Citizen, Denied, Employee, Object, Policy, Who, authorize};
