//! `verify-document`: whether the code on a paper is ours, without asking anybody.

use engine::base::date::parse_day;
use server::auth::keys::Keys;
use server::auth::seal::Sealed;
use server::chance::Chance;

use crate::program::{nagar, word};

#[test]
fn pay_14_a_genuine_code_is_told_from_an_altered_one() {
    let data = tempfile::tempdir().unwrap();
    let keys = Keys::open(data.path(), &Chance::seeded(7)).unwrap();
    let sealed = Sealed {
        kind: "license".to_owned(),
        tenant: "riverton".to_owned(),
        number: "L/RVT/2026-27/000001".to_owned(),
        code: "abcdefghjkmn".to_owned(),
        digest: "00112233445566778899aabbccddeeff".to_owned(),
        issued: parse_day("2026-04-06").unwrap(),
    };
    let code = sealed.sign(&keys);
    let folder = data.path().join("keys");
    let at = word(&folder);
    nagar(&["verify-document", &code, "--keys", at]).expect(0, "genuine").expect(0, "L/RVT/2026-27/000001");
    let address = format!("https://town.example/riverton/verify/{code}");
    let told = nagar(&["verify-document", &address, "--keys", at, "--json"]);
    let json = told.json();
    assert_eq!(told.code, 0);
    let expected =
        [("kind", "license"), ("tenant", "riverton"), ("issued", "2026-04-06"), ("digest", sealed.digest.as_str())];
    for (key, value) in expected {
        assert_eq!(json[key], value, "{json}");
    }

    // Any letter may be altered: what it says, or the seal itself.
    for at_letter in [5, code.len() / 2, code.len() - 5] {
        let mut altered: Vec<char> = code.chars().collect();
        altered[at_letter] = if altered[at_letter] == 'A' { 'B' } else { 'A' };
        let altered: String = altered.into_iter().collect();
        nagar(&["verify-document", &altered, "--keys", at]).expect(1, "not genuine");
        let told = nagar(&["verify-document", &altered, "--keys", at, "--json"]);
        assert_eq!((told.code, &told.json()["valid"]), (1, &serde_json::json!(false)));
    }
    let other = tempfile::tempdir().unwrap();
    Keys::open(other.path(), &Chance::seeded(8)).unwrap();
    nagar(&["verify-document", &code, "--keys", word(&other.path().join("keys"))]).expect(1, "not genuine");
    nagar(&["verify-document", &code, "--keys", "no/such/folder"]).expect(2, "no/such/folder");
}
