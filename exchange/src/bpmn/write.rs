//! The document: the process first, its drawing after it, in the order that the schema of the standard asks.

use std::fmt::Write as _;

use engine::service::Service;

use super::layout::Drawing;
use super::plan::{Kind, Node, Plan};
use crate::{names, xml};

/// The words of the standard, and those of its drawings.
const SPACES: &str = "xmlns:bpmn=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
    xmlns:bpmndi=\"http://www.omg.org/spec/BPMN/20100524/DI\" \
    xmlns:dc=\"http://www.omg.org/spec/DD/20100524/DC\" \
    xmlns:di=\"http://www.omg.org/spec/DD/20100524/DI\" \
    xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

pub(super) fn write(service: &Service, language: &str, plan: &Plan, drawing: &Drawing) -> String {
    let id = names::snake(&service.id, "service");
    let title = escaped(service.title.in_language(language));
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        xml,
        "<bpmn:definitions {SPACES} id=\"definitions_{id}\" targetNamespace=\"urn:nagar:{}\" exporter=\"nagar\" exporterVersion=\"{}\">",
        escaped(&service.id),
        env!("CARGO_PKG_VERSION"),
    );
    for message in &plan.messages {
        let _ = writeln!(xml, "  <bpmn:message id=\"{}\" name=\"{}\" />", message.id, escaped(&message.name));
    }
    let _ = writeln!(xml, "  <bpmn:process id=\"process_{id}\" name=\"{title}\" isExecutable=\"false\">");
    for node in &plan.nodes {
        element(&mut xml, plan, node);
    }
    for flow in &plan.flows {
        let name = if flow.name.is_empty() { String::new() } else { format!(" name=\"{}\"", escaped(&flow.name)) };
        let _ = write!(
            xml,
            "    <bpmn:sequenceFlow id=\"{}\"{name} sourceRef=\"{}\" targetRef=\"{}\"",
            flow.id, flow.from, flow.to
        );
        match &flow.condition {
            Some(condition) => {
                let condition = escaped(condition);
                let _ = writeln!(
                    xml,
                    ">\n      <bpmn:conditionExpression xsi:type=\"bpmn:tFormalExpression\" language=\"https://rhai.rs\">{condition}</bpmn:conditionExpression>\n    </bpmn:sequenceFlow>"
                );
            }
            None => xml.push_str(" />\n"),
        }
    }
    xml.push_str("  </bpmn:process>\n");
    draw(&mut xml, &id, plan, drawing);
    xml.push_str("</bpmn:definitions>\n");
    xml
}

fn element(xml: &mut String, plan: &Plan, node: &Node) {
    let (tag, more) = tag(plan, node);
    let name = if node.name.is_empty() { String::new() } else { format!(" name=\"{}\"", escaped(&node.name)) };
    let _ = writeln!(xml, "    <bpmn:{tag} id=\"{}\"{name}{more}>", node.id);
    if !node.documentation.is_empty() {
        // A line for each thing that is said.
        let said = xml::escaped(&node.documentation);
        let _ = writeln!(xml, "      <bpmn:documentation>{said}</bpmn:documentation>");
    }
    for flow in plan.flows.iter().filter(|flow| flow.to == node.id) {
        let _ = writeln!(xml, "      <bpmn:incoming>{}</bpmn:incoming>", flow.id);
    }
    for flow in plan.flows.iter().filter(|flow| flow.from == node.id) {
        let _ = writeln!(xml, "      <bpmn:outgoing>{}</bpmn:outgoing>", flow.id);
    }
    match &node.kind {
        Kind::Timer { after, .. } => {
            let _ = writeln!(
                xml,
                "      <bpmn:timerEventDefinition id=\"timer_{}\">\n        <bpmn:timeDuration xsi:type=\"bpmn:tFormalExpression\">{after}</bpmn:timeDuration>\n      </bpmn:timerEventDefinition>",
                node.id
            );
        }
        Kind::Signal { message, .. } => {
            let message = &plan.messages[*message].id;
            let _ =
                writeln!(xml, "      <bpmn:messageEventDefinition id=\"wait_{}\" messageRef=\"{message}\" />", node.id);
        }
        _ => {}
    }
    let _ = writeln!(xml, "    </bpmn:{tag}>");
}

/// The name of the element, and attributes besides its id and name.
fn tag(plan: &Plan, node: &Node) -> (&'static str, String) {
    match &node.kind {
        Kind::Start => ("startEvent", String::new()),
        Kind::UserTask => ("userTask", String::new()),
        Kind::ReceiveTask { message } => {
            let refers = message.map(|message| format!(" messageRef=\"{}\"", plan.messages[message].id));
            ("receiveTask", refers.unwrap_or_default())
        }
        Kind::Gateway => ("exclusiveGateway", " gatewayDirection=\"Diverging\"".to_owned()),
        Kind::Timer { at, leaves, .. } | Kind::Signal { at, leaves, .. } => {
            ("boundaryEvent", format!(" cancelActivity=\"{leaves}\" attachedToRef=\"{at}\""))
        }
        Kind::End => ("endEvent", String::new()),
    }
}

fn draw(xml: &mut String, id: &str, plan: &Plan, drawing: &Drawing) {
    let _ = writeln!(
        xml,
        "  <bpmndi:BPMNDiagram id=\"diagram_{id}\">\n    <bpmndi:BPMNPlane id=\"plane_{id}\" bpmnElement=\"process_{id}\">"
    );
    for node in &plan.nodes {
        let Some(place) = drawing.boxes.get(&node.id) else { continue };
        let marker = if node.kind == Kind::Gateway { " isMarkerVisible=\"true\"" } else { "" };
        let _ = writeln!(
            xml,
            "      <bpmndi:BPMNShape id=\"shape_{0}\" bpmnElement=\"{0}\"{marker}>\n        <dc:Bounds x=\"{1}\" y=\"{2}\" width=\"{3}\" height=\"{4}\" />\n      </bpmndi:BPMNShape>",
            node.id, place.x, place.y, place.width, place.height
        );
    }
    for flow in &plan.flows {
        let Some(points) = drawing.ways.get(&flow.id) else { continue };
        let _ = writeln!(xml, "      <bpmndi:BPMNEdge id=\"edge_{0}\" bpmnElement=\"{0}\">", flow.id);
        for (x, y) in points {
            let _ = writeln!(xml, "        <di:waypoint x=\"{x}\" y=\"{y}\" />");
        }
        xml.push_str("      </bpmndi:BPMNEdge>\n");
    }
    xml.push_str("    </bpmndi:BPMNPlane>\n  </bpmndi:BPMNDiagram>\n");
}

/// Text for XML, on one line: an attribute has no other.
fn escaped(text: &str) -> String {
    xml::escaped(&text.replace(['\n', '\t'], " "))
}
