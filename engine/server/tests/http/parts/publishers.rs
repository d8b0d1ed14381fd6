//! What two people sign before definitions are served.

use server::chance::Chance;
use server::config::Config;
use server::publishers::{Deed, Publishing, Signer, make_key};
use server::store::publications::{Proposal, Publication, confirmed};

const DIGEST: &str = "3f2a9c01";

/// Asha and Omar, who publish, with the keys that they sign with.
fn two() -> (Publishing, Signer, Signer) {
    let folder = tempfile::tempdir().unwrap();
    let mut rules = Publishing { two_people: true, ..Publishing::default() };
    for name in ["asha", "omar"] {
        let public = make_key(&folder.path().join(name), &Chance::System).unwrap();
        rules.publishers.insert(name.to_owned(), public);
    }
    rules.check().unwrap();
    let signer = |name: &str| Signer::open(&rules, name, &folder.path().join(name)).unwrap();
    let (asha, omar) = (signer("asha"), signer("omar"));
    (rules, asha, omar)
}

fn published(proposer: &Signer, confirmer: &Signer, seq: i64) -> Publication {
    let signature = proposer.sign(Deed::Propose, seq, DIGEST);
    let (digest, person) = (DIGEST.to_owned(), proposer.name().to_owned());
    let proposal = Proposal { seq, digest, person, at_ms: 1, signature };
    confirmed(&proposal, confirmer.name(), &confirmer.sign(Deed::Confirm, seq, DIGEST), 2)
}

#[test]
fn def_12_what_is_published_carries_the_signatures_of_two_people() {
    let (rules, asha, omar) = two();
    let made = published(&asha, &omar, 7);
    rules.prove(&made).unwrap();
    let wrong = |made: &Publication| format!("{:#}", rules.prove(made).unwrap_err());
    assert!(wrong(&published(&asha, &asha, 7)).contains("the same person"));
    assert!(wrong(&Publication { signed: None, ..made.clone() }).contains("is not signed"));
    for changed in [
        Publication { seq: 8, ..made.clone() },
        Publication { digest: "7be00d12".to_owned(), ..made.clone() },
        Publication { person: "ravi".to_owned(), ..made.clone() },
    ] {
        assert!(wrong(&changed).contains("does not carry the signature"), "{changed:?}");
    }
    // Neither signature stands for the other.
    let mut turned = made;
    let signed = turned.signed.as_mut().unwrap();
    std::mem::swap(&mut signed.proposal, &mut signed.signature);
    assert!(wrong(&turned).contains("does not carry the signature"));
    // Where one person publishes, nothing is signed.
    Publishing::default().prove(&Publication { signed: None, ..turned }).unwrap();
}

#[test]
fn def_12_two_publishers_are_two_people() {
    let (rules, ..) = two();
    let (one, other) = (rules.publishers["asha"].as_str(), rules.publishers["omar"].as_str());
    let config = |publishers: &[(&str, &str)], two_people: bool| {
        let publishers = publishers.iter().map(|(name, key)| ((*name).to_owned(), (*key).to_owned())).collect();
        Config { publication: Publishing { two_people, publishers, unsigned: false }, ..Config::default() }
            .check()
            .map_err(|e| format!("{e:#}"))
    };
    assert!(config(&[("asha", one)], true).unwrap_err().contains("two publishers"));
    assert!(config(&[], true).unwrap_err().contains("two publishers"));
    assert!(config(&[("asha", one), ("omar", one)], true).unwrap_err().contains("the key of somebody else"));
    assert!(config(&[("asha", one), ("omar", "7")], true).unwrap_err().contains("64 digits"));
    assert!(config(&[("asha", one), ("omar", other)], false).unwrap_err().contains("not said"));
    config(&[("asha", one), ("omar", other)], true).unwrap();
}

#[test]
fn def_12_unsigned_definitions_are_served_only_where_that_is_said() {
    let (rules, ..) = two();
    let served = |demo: bool, published: bool, publication: Publishing| {
        let config = Config { demo, published, publication, ..Config::default() };
        config.check_signed().map_err(|error| format!("{error:#}"))
    };
    let unsigned = || Publishing { unsigned: true, ..Publishing::default() };
    // A folder, or what one person published, is served by nobody who did not say so.
    for published in [false, true] {
        let why = served(false, published, Publishing::default()).unwrap_err();
        assert!(why.contains("two_people: true") && why.contains("publication: { unsigned: true }"), "{why}");
        served(false, published, unsigned()).unwrap();
        served(true, published, Publishing::default()).unwrap();
    }
    served(false, true, rules.clone()).unwrap();
    assert!(served(false, false, rules.clone()).is_err(), "a folder has no signatures");
    assert!(Publishing { unsigned: true, ..rules }.check().is_err(), "both cannot be meant");
}
