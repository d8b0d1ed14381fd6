//! The shell around the engine: what is kept, who may ask, what is shown, what is sent.

pub mod store;
