//! Who is asking, and what they may do.

pub mod keys;
pub mod password;
pub mod seal;
pub mod token;
