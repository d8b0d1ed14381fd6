//! Answers as they are read back.

use engine::base::Answers;
use server::store::Given;

#[test]
fn answers_are_read_as_from_a_tree() {
    let text = r#"{"a":"é\n","b":[1,null,-2,1.5,true,{"c":18446744073709551615,"d":[]}],"e":null,"f":{"g":false}}"#;
    let Given(answers) = serde_json::from_str(text).unwrap();
    assert_eq!(answers, Answers::from_json(&serde_json::from_str(text).unwrap()));
    let Given(none) = serde_json::from_str("[1]").unwrap();
    assert_eq!(none, Answers::default());
}
