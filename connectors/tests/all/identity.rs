//! Tokens of an identity provider: what is believed, and every way of forging one.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use connectors::identity::token::{Claims, Expected, Key, Wrong, check, email_of, is_subject, keys, written_email};
use hmac::{Hmac, KeyInit as _, Mac as _};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value as Json, json};
use sha2::Sha256;

/// The present of these tests, in seconds since 1970.
const NOW: i64 = 1_775_000_010;

/// The modulus of a key that was made once, and a token that was signed with it.
const RSA: &str = "s7pg2ha-83X8FnCmQb1oRxYyxNn4gmrTqrJEZhIEFY3iVnmF7s9XUPlf_HqhbCRNh1iJJaODGF_Jqsj1ASj1sMSje7bvRXUXesy5\
     r1rrNhpLqGq7odczQTQfIyLWa7fVhIus1NUFOOz5_8nVKeYKaRPR0jidYwgha1XyYL8-YAFOJaUuDcpMErU1RIzl_zADz546iLjq\
     cQ7ZbgndIORfsd1ca4GeyUModfHq3fzLJIoHeVzBXcxYwCiLURFoulE8Hm731ZgDHAPalBzXK0AsbqpXJ6z3XiL7AkXEmmTHV_oI\
     HtSLz-3_bJ0aoYBy7e9Iehzc9gO3JVxJaifumoYJjQ";
const SIGNED_RS256: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYSJ9.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJhdWQiOiJ0b3duIiwiZXhwIjo\
     xNzc1MDAwMzAwLCJpYXQiOjE3NzUwMDAwMDAsIm5vbmNlIjoibi0wUzYiLCJzdWIiOiJrYW1sYSIsImFtciI6WyJwd2QiLCJvdHA\
     iXX0.YQJ3ifjKaRDMiwSoUxr6sSQv6MnQzdJ7l152zGr6K0b7h-a8beH_wNB-R1cyLXu3n7CyGV7N4u7FcSqx2fxfffVj-w7xwP7\
     85keLhl3Fhkbdmu5Ha-IYej4Cdfg1BoNT51LZLdhQ-Geo7Dcok2D0DsBh6du9ohXvZNMPGjdR2NhdfRByjkYXxGu3hgp0KdcEo32\
     kfKxcRmQLPt57v9TFLubwira5MOB55uxQrZ3dl83kHjLWW6q1KzjqkpzZBF1oEpEm56y5vPu_gI2Mbe3xm3t0StIlEF1R1_CPwKJ\
     x1YXpNs1tDaSCJpCceBnXS8lK-JlRpXd1Mnw8BHCyFd-eWA";

/// A key of the provider, or of somebody who would like to be it.
struct Signer {
    pair: EcdsaKeyPair,
    name: &'static str,
}

impl Signer {
    fn new(name: &'static str) -> Self {
        let (random, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
        let made = EcdsaKeyPair::generate_pkcs8(kind, &random).unwrap();
        Self { pair: EcdsaKeyPair::from_pkcs8(kind, made.as_ref(), &random).unwrap(), name }
    }

    /// The public half, as a provider publishes it.
    fn published(&self) -> Json {
        let point = self.pair.public_key().as_ref();
        json!({
            "kty": "EC", "crv": "P-256", "kid": self.name, "use": "sig", "alg": "ES256",
            "x": written(&point[1..33]), "y": written(&point[33..]),
        })
    }

    fn sign(&self, header: &Json, claims: &Json) -> String {
        let message = message(header, claims);
        let signature = self.pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", written(signature.as_ref()))
    }
}

fn written(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn message(header: &Json, claims: &Json) -> String {
    format!("{}.{}", written(header.to_string().as_bytes()), written(claims.to_string().as_bytes()))
}

fn read(published: &[Json]) -> Vec<Key> {
    keys(json!({ "keys": published }).to_string().as_bytes()).unwrap()
}

fn header(name: &str) -> Json {
    json!({ "alg": "ES256", "kid": name, "typ": "JWT" })
}

/// What a provider says of somebody who has just signed in.
fn claims() -> Json {
    json!({
        "iss": "https://id.example", "aud": "town", "exp": NOW + 300, "iat": NOW - 5, "nonce": "n-0S6", "sub": "kamla",
        "email": "Kamla@Town.example", "email_verified": true, "acr": "silver", "amr": ["pwd", "otp"],
    })
}

/// The same with something else in one place; without it where that is nothing.
fn but(name: &str, value: Json) -> Json {
    let mut claims = claims();
    let all = claims.as_object_mut().unwrap();
    if value.is_null() {
        all.remove(name);
    } else {
        all.insert(name.to_owned(), value);
    }
    claims
}

fn expected() -> Expected<'static> {
    Expected { issuer: "https://id.example", client_id: "town", nonce: "n-0S6", now_ms: NOW * 1000 }
}

fn checked(token: &str, keys: &[Key]) -> Result<Claims, Wrong> {
    check(token, keys, expected())
}

/// A token that says this, rightly signed.
fn said(claims: &Json) -> Result<Claims, Wrong> {
    let signer = Signer::new("k1");
    checked(&signer.sign(&header("k1"), claims), &read(&[signer.published()]))
}

#[test]
fn auth_14_what_fits_is_believed_whichever_of_the_two_ways_signed_it() {
    let believed = said(&claims()).unwrap();
    let words = vec!["pwd".to_owned(), "otp".to_owned()];
    let whole = Claims {
        subject: "kamla".to_owned(),
        email: Some("kamla@town.example".to_owned()),
        acr: Some("silver".to_owned()),
        amr: words.clone(),
    };
    assert_eq!(believed, whole);
    let rsa = json!({ "kty": "RSA", "kid": "rsa", "n": RSA, "e": "AQAB" });
    let bare = Claims { subject: "kamla".to_owned(), email: None, acr: None, amr: words };
    assert_eq!(checked(SIGNED_RS256, &read(&[rsa])), Ok(bare));
    // Some write zeros in front of the number.
    let mut bytes = vec![0];
    bytes.extend(URL_SAFE_NO_PAD.decode(RSA).unwrap());
    let zeros = json!({ "kty": "RSA", "kid": "rsa", "n": written(&bytes), "e": "AQAB" });
    assert!(checked(SIGNED_RS256, &read(&[zeros])).is_ok());
    let other = json!({ "kty": "RSA", "kid": "rsa", "n": RSA.replacen("s7", "s8", 1), "e": "AQAB" });
    assert_eq!(checked(SIGNED_RS256, &read(&[other])), Err(Wrong::Signature));
}

#[test]
fn auth_14_only_the_providers_own_signature_is_believed() {
    let (signer, forger) = (Signer::new("k1"), Signer::new("k1"));
    let known = read(&[signer.published()]);
    let (whole, wrong) = (claims(), |token: &str| checked(token, &known).unwrap_err());
    assert_eq!(wrong(&forger.sign(&header("k1"), &whole)), Wrong::Signature);
    // Who signs in would be somebody else.
    let right = signer.sign(&header("k1"), &whole);
    let parts: Vec<&str> = right.split('.').collect();
    let another = written(but("sub", json!("omar")).to_string().as_bytes());
    assert_eq!(wrong(&format!("{}.{another}.{}", parts[0], parts[2])), Wrong::Signature);
    assert_eq!(wrong(&format!("{}.{}.", parts[0], parts[1])), Wrong::Signature);
    // The token brings the key that it is to be proved with.
    let mut own = header("k1");
    own["jwk"] = forger.published();
    own["jku"] = json!("https://forger.example/keys");
    assert_eq!(wrong(&forger.sign(&own, &whole)), Wrong::Signature);
    // Not signed at all, however that is written.
    for alg in ["none", "None", "NONE", ""] {
        let unsigned = message(&json!({ "alg": alg, "kid": "k1" }), &whole);
        assert_eq!(wrong(&format!("{unsigned}.")), Wrong::Algorithm, "{alg}");
    }
    // Signed with the public key, as if it were a secret.
    for secret in [signer.published().to_string().into_bytes(), signer.pair.public_key().as_ref().to_vec()] {
        let message = message(&json!({ "alg": "HS256", "kid": "k1" }), &whole);
        let mut seal = Hmac::<Sha256>::new_from_slice(&secret).unwrap();
        seal.update(message.as_bytes());
        let altered = format!("{message}.{}", written(&seal.finalize().into_bytes()));
        assert_eq!(wrong(&altered), Wrong::Algorithm);
    }
    // A kind of signature that the key is not for.
    assert_eq!(wrong(&signer.sign(&json!({ "alg": "RS256", "kid": "k1" }), &whole)), Wrong::NoKey);
    assert_eq!(wrong(&signer.sign(&json!({ "alg": "ES384", "kid": "k1" }), &whole)), Wrong::Algorithm);
    // What must be understood and is not.
    let crit = json!({ "alg": "ES256", "kid": "k1", "crit": ["exp"] });
    assert_eq!(wrong(&signer.sign(&crit, &whole)), Wrong::Malformed);
    for odd in ["", "a", "a.b", "a.b.c", "..", "a.b.c.d"] {
        assert_eq!(wrong(odd), Wrong::Malformed, "{odd}");
    }
    let long = signer.sign(&header("k1"), &but("more", json!("x".repeat(40_000))));
    assert_eq!(wrong(&long), Wrong::Malformed);
}

#[test]
fn auth_14_a_key_is_found_by_its_name_and_for_its_purpose() {
    let (one, two) = (Signer::new("k1"), Signer::new("k2"));
    let known = read(&[one.published(), two.published()]);
    assert!(checked(&two.sign(&header("k2"), &claims()), &known).is_ok());
    assert_eq!(checked(&two.sign(&header("k1"), &claims()), &known), Err(Wrong::Signature));
    assert_eq!(checked(&two.sign(&header("k3"), &claims()), &known), Err(Wrong::NoKey));
    // Without a name only the one key can be meant.
    let nameless = json!({ "alg": "ES256" });
    assert_eq!(checked(&one.sign(&nameless, &claims()), &known), Err(Wrong::NoKey));
    assert!(checked(&one.sign(&nameless, &claims()), &read(&[one.published()])).is_ok());
    for (name, value) in [("use", "enc"), ("alg", "RS256"), ("crv", "P-384"), ("kty", "OKP"), ("x", "AAAA"), ("y", "!")]
    {
        let mut published = one.published();
        published[name] = json!(value);
        let token = one.sign(&header("k1"), &claims());
        assert_eq!(checked(&token, &read(&[published])), Err(Wrong::NoKey), "{name}");
    }
    // A key that nobody here knows is no reason to refuse the others.
    let strange = [json!({ "kty": "oct", "k": "AAAA" }), json!(1), one.published()];
    assert!(checked(&one.sign(&header("k1"), &claims()), &read(&strange)).is_ok());
    assert!(keys(b"{}").is_none() && keys(b"<html>").is_none());
}

#[test]
fn auth_14_a_token_is_of_this_provider_for_us_alone() {
    for issuer in ["https://id.example/", "https://id.example.evil.example", "http://id.example", ""] {
        assert_eq!(said(&but("iss", json!(issuer))), Err(Wrong::Issuer), "{issuer}");
    }
    assert!(said(&but("aud", json!(["town"]))).is_ok());
    for audience in [json!("other"), json!([]), json!(["town", "other"]), json!(["other", "town"]), json!("town2")] {
        assert_eq!(said(&but("aud", audience.clone())), Err(Wrong::Audience), "{audience}");
    }
    assert_eq!(said(&but("aud", Json::Null)), Err(Wrong::Malformed));
    assert!(said(&but("azp", json!("town"))).is_ok());
    assert_eq!(said(&but("azp", json!("other"))), Err(Wrong::Party));
}

#[test]
fn auth_14_a_token_is_fresh() {
    assert!(said(&but("exp", json!(NOW - 59))).is_ok(), "clocks are never quite alike");
    assert_eq!(said(&but("exp", json!(NOW - 60))), Err(Wrong::Expired));
    assert_eq!(said(&but("exp", json!(-1))), Err(Wrong::Expired));
    assert_eq!(said(&but("exp", Json::Null)), Err(Wrong::Malformed));
    assert_eq!(said(&but("exp", json!("tomorrow"))), Err(Wrong::Malformed));
    assert!(said(&but("iat", json!(NOW + 60))).is_ok());
    for iat in [NOW + 61, NOW - 601, i64::MAX, i64::MIN] {
        assert_eq!(said(&but("iat", json!(iat))), Err(Wrong::Time), "{iat}");
    }
    assert_eq!(said(&but("iat", Json::Null)), Err(Wrong::Malformed));
    assert!(said(&but("nbf", json!(NOW))).is_ok());
    assert_eq!(said(&but("nbf", json!(NOW + 61))), Err(Wrong::Time));
}

#[test]
fn auth_14_a_token_answers_this_sign_in_and_no_other() {
    for nonce in [json!("other"), json!(""), Json::Null, json!("n-0S6 ")] {
        assert_eq!(said(&but("nonce", nonce.clone())), Err(Wrong::Nonce), "{nonce}");
    }
}

#[test]
fn auth_14_a_token_says_whom_it_is_about() {
    for subject in [json!(""), Json::Null, json!("x".repeat(256)), json!("कमला"), json!("a\nb")] {
        assert_eq!(said(&but("sub", subject.clone())), Err(Wrong::Subject), "{subject}");
    }
    assert!(is_subject("auth0|5f7c8ec7 x") && is_subject(&"x".repeat(255)));
    // A name that is there twice is nobody's.
    let signer = Signer::new("k1");
    let twice = claims().to_string().replace("\"sub\":", "\"sub\":\"omar\",\"sub\":");
    let message = format!("{}.{}", written(header("k1").to_string().as_bytes()), written(twice.as_bytes()));
    let signature = signer.pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    let token = format!("{message}.{}", written(signature.as_ref()));
    assert_eq!(checked(&token, &read(&[signer.published()])), Err(Wrong::Malformed));
}

#[test]
fn auth_14_only_a_proved_address_is_believed() {
    let email = |claims: &Json| said(claims).unwrap().email;
    assert_eq!(email(&but("email_verified", json!("true"))).as_deref(), Some("kamla@town.example"));
    for proved in [json!(false), json!("false"), json!("yes"), Json::Null] {
        assert_eq!(email(&but("email_verified", proved.clone())), None, "{proved}");
    }
    for odd in ["", "kamla", "@town.example", "kamla@town", "a b@town.example", "a@b@town.example"] {
        assert_eq!(written_email(odd), None, "{odd}");
    }
    let about = json!({ "sub": "kamla", "email": "k@town.example", "email_verified": true }).to_string();
    assert_eq!(email_of(about.as_bytes(), "kamla").as_deref(), Some("k@town.example"));
    assert_eq!(email_of(about.as_bytes(), "omar"), None, "it is about somebody else");
}
