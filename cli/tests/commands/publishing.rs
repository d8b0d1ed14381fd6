//! Definitions that two people publish: one proposes, another confirms, and nodes prove both signatures.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::node::Node;
use crate::program::{nagar, word};
use crate::town::definitions_of;

/// An installation where Asha and Omar publish, with their keys; gives the configuration.
fn installation(data: &Path, definitions: &Path) -> PathBuf {
    let mut publishers = String::new();
    for name in ["asha", "omar"] {
        let key = data.join(format!("{name}.key"));
        let made = nagar(&["publish", "--json", "--make-key", word(&key)]);
        made.expect(0, "public");
        let _ = writeln!(publishers, "    {name}: \"{}\"", made.json()["public"].as_str().unwrap());
        nagar(&["publish", "--make-key", word(&key)]).expect(2, "is there already");
    }
    let config = data.join("nagar.yaml");
    let text = format!(
        "data_dir: {}\ndefinitions: {}\npublication:\n  two_people: true\n  publishers:\n{publishers}",
        data.join("data").display(),
        definitions.display()
    );
    fs::write(&config, text).unwrap();
    config
}

#[test]
fn def_12_what_one_person_proposes_is_served_once_another_has_confirmed_it() {
    let (folder, data) = (definitions_of(&["trade-license"]), tempfile::tempdir().unwrap());
    let config = installation(data.path(), folder.path());
    let config = ["--config", word(&config)];
    let key = |name: &str| data.path().join(format!("{name}.key"));
    let publish = |more: &[&str]| nagar(&[&["publish", "--json"][..], &config, more].concat());
    let (asha, omar) = (key("asha"), key("omar"));
    let (asha, omar) = (["--by", "asha", "--key", word(&asha)], ["--by", "omar", "--key", word(&omar)]);
    publish(&[]).expect(2, "two people publish here");
    publish(&["--by", "asha", "--key", omar[3]]).expect(2, "is not the key of `asha`");
    publish(&["--by", "ravi", "--key", omar[3]]).expect(2, "lists nobody as `ravi`");
    let proposed = publish(&asha);
    proposed.expect(0, "proposed");
    assert_eq!((&proposed.json()["published"], &proposed.json()["proposed"]), (&Json::Bool(false), &Json::from(1)));
    let digest = proposed.json()["digest"].as_str().unwrap().to_owned();
    nagar(&[&["serve", "--port", "0", "--published"][..], &config].concat()).expect(2, "no definitions are published");
    let confirm = |digest: &str, by: &[&str]| publish(&[&["--confirm", digest][..], by].concat());
    confirm(&digest, &asha).expect(2, "another person confirms");
    confirm(&"0".repeat(64), &omar).expect(2, "waits to be confirmed");
    confirm("", &omar).expect(2, "waits to be confirmed");
    let confirmed = confirm(&digest[..12], &omar);
    confirmed.expect(0, "published");
    let told = confirmed.json();
    assert_eq!((&told["published"], &told["publication"]), (&Json::Bool(true), &Json::from(1)));
    let listed = publish(&["--list"]).json();
    assert_eq!(
        (&listed["publications"][0]["by"], &listed["publications"][0]["proposed_by"]),
        (&"omar".into(), &"asha".into())
    );
    assert_eq!(listed["proposals"].as_array().unwrap().len(), 0, "nothing waits any more");
    confirm(&digest, &omar).expect(2, "waits to be confirmed");
    let node = Node::start(Path::new(config[1]), &["--published"], false);
    assert!(node.page("/ready").starts_with("HTTP/1.1 200"));
}
