//! Exchange with the world: what other platforms write, read as definitions; and definitions
//! written as others read them.
//!
//! It is pure: text in, text out. It knows no clock, no disk and no network, so that every way of
//! reading and writing is tried by a test that gives it a text. It is a package of its own because
//! neither the engine nor the pages need it: whoever changes a conversion waits for nothing else to be built.
//!
//! | Module | Reads or writes |
//! |---|---|
//! | [`digit`] | the workflows and master data of a DIGIT installation, into definitions |
//! | [`studio`] | the configuration of a service made with DIGIT Studio, into definitions |
//! | [`bpmn`] | a workflow as BPMN 2.0, with its drawing |
//! | [`mermaid`] | a workflow as a Mermaid state diagram |
//! | [`openapi`] | the API of a town as an OpenAPI 3.1 document |
//! | [`xml`] | text as XML takes it, for whoever writes XML |

pub mod bpmn;
pub mod digit;
pub mod limits;
pub mod mermaid;
pub mod names;
pub mod openapi;
pub mod report;
pub mod studio;
mod words;
pub mod xml;
mod yaml;
