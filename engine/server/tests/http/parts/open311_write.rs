//! Answers of Open311 in both formats.

use serde_json::json;
use server::http::api::open311::{Format, element};

#[test]
fn lists_are_written_with_their_items() {
    let mut text = String::new();
    let value = json!({ "code": "a<b", "order": 1, "hint": null, "values": [{ "key": "x" }, { "key": "y" }] });
    element(&mut text, "attribute", &value);
    let expected = "<attribute><code>a&lt;b</code><order>1</order><hint/><values><value><key>x</key></value>\
                    <value><key>y</key></value></values></attribute>";
    assert_eq!(text, expected);
}

#[test]
fn the_format_stands_behind_the_last_point() {
    assert_eq!(Format::of("/api/t/open311/requests/A/1.2.xml"), Some(Format::Xml));
    assert_eq!(Format::of("/api/t/open311/requests"), None);
    assert_eq!(Format::Json.before("A/1.json"), "A/1");
}
