//! A workflow as BPMN 2.0, with a drawing, so that modellers open it.
//!
//! | Here | In BPMN |
//! |---|---|
//! | where a case begins | a start event |
//! | a state in which people act | a user task; where several actions lead on, an exclusive gateway behind it |
//! | a state in which only something is waited for | a receive task |
//! | `after`, `once: overdue` | a timer at the edge of the task |
//! | any other `once` | a message at the edge of the task |
//! | `end` | an end event; where a case that has ended can still go on, behind its task |
//!
//! What BPMN has no place for (roles, conditions on answers, effects) stands in the documentation of the element.

mod layout;
mod plan;
mod write;

use engine::service::Service;

/// The workflow of `service` as a BPMN document, with words in `language`.
pub fn document(service: &Service, language: &str) -> String {
    let plan = plan::plan(service, language);
    let drawing = layout::layout(&plan);
    write::write(service, language, &plan, &drawing)
}
