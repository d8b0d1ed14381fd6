//! What chance makes of bodies, tokens and statements of a bank is read or refused: see `engine/core/tests/odd`.

use axum::body::Body;
use axum::http::{Request, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use connectors::identity::token as of_provider;
use engine::base::date::parse_day;
use server::auth::keys::Keys;
use server::auth::seal::Sealed;
use server::auth::{closed, token, totp};
use server::chance::Chance;
use server::http::body::{self, Reads};
use server::statement::{Bank, Columns, Statement};

use crate::odd::{Input, throw};

/// What means something in bodies.
const SIGNS: &[&[u8]] = &[
    b"--xyz\r\n",
    b"--xyz--\r\n",
    b"\r\n",
    b"\r\n\r\n",
    b"Content-Disposition: form-data; name=\"",
    b"; filename=\"",
    b"; filename*=UTF-8''%ff",
    b"\"",
    b"\\\"",
    b"Content-Type: ",
    b"Content-Transfer-Encoding: base64\r\n",
    b"&",
    b"=",
    b"%",
    b"%00",
    b"%e0%a4",
    b"+",
    b";",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"-0",
    b"1e309",
    b"\\u0000",
    b"\\ud800",
    b"\0",
    b"\xff",
    "क्\u{200d}ष".as_bytes(),
];

/// What means something in tokens.
const MARKS: &[&[u8]] =
    &[b".", b"1.", b"-", b"_", b"=", b"A", b"\n", b"{", b"}", b"\"", b"\"aud\":[", b"null", b"\0", b"\xff", b"000000"];

/// What means something in tables.
const CELLS: &[&[u8]] = &[
    b",",
    b"\"",
    b"\"\"",
    b"\n",
    b"\r",
    b"\r\n",
    b";",
    b"\t",
    b"-",
    b"-1",
    b"1,00,000.00 Cr",
    b"\"1,00,000.00\" Dr",
    b"9223372036854775808",
    b"29/02/2027",
    b"2026-04-06",
    b"06-Apr-2026",
    b"=1+1",
    b"\xef\xbb\xbf",
    b"\xff",
    "०६/०४/२०२६".as_bytes(),
];

fn input(name: &str, text: &str) -> Input {
    (name.to_owned(), text.as_bytes().to_vec())
}

#[test]
fn in_10_whatever_a_body_says_is_read_or_refused() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let known = || {
        let field = "--xyz\r\nContent-Disposition: form-data; name=\"stall\"\r\n\r\nआशा\r\n";
        let file = "--xyz\r\nContent-Disposition: form-data; name=\"proof\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n\u{89}PNG\r\n";
        vec![
            input("parts", &format!("{field}{file}--xyz--\r\n")),
            input("parts", &format!("{field}{field}{field}--xyz--\r\n")),
            input("form", "_csrf=abc&stall=%E0%A4%86&owners.0.name=Asha+Rao&since.day=6&since.month=4"),
            input("json", r#"{"service": "kiosk", "answers": {"a": [1, 2.5, null, "क"], "b": {"c": true, "d": {}}}}"#),
        ]
    };
    let test = "parts::noise::in_10_whatever_a_body_says_is_read_or_refused";
    throw((test, 2_000), &known, SIGNS, &|name, input| {
        let (reads, media) = match name {
            "parts" => (Reads::Parts, "multipart/form-data; boundary=xyz"),
            "form" => (Reads::Form, "application/x-www-form-urlencoded"),
            _ => (Reads::Json, "application/json"),
        };
        let request = Request::post("/").header(header::CONTENT_TYPE, media).body(Body::from(input.to_vec())).unwrap();
        let _ = std::hint::black_box(runtime.block_on(body::read(request, reads, "somebody")));
    });
}

/// A paper that is signed here.
fn paper() -> Sealed {
    Sealed {
        kind: "permit".into(),
        tenant: "town".into(),
        number: "P/T/2026-27/000001".into(),
        code: "7kq2m9x4wd".into(),
        digest: "00".repeat(16),
        issued: parse_day("2026-04-05").unwrap(),
    }
}

#[test]
fn pay_14_whatever_a_token_says_is_read_or_refused_and_nothing_forged_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::open(folder.path(), &Chance::seeded(1)).unwrap();
    let set = br#"{"keys":[{"kty":"RSA","kid":"k","use":"sig","alg":"RS256","n":"sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1WlUzewbg","e":"AQAB"},{"kty":"EC","crv":"P-256","kid":"e","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;
    let known_keys = of_provider::keys(set).unwrap();
    let known = || {
        let closed = closed::close(b"key", &Chance::seeded(2), &["town", "meera"], b"secret").unwrap();
        let head = r#"{"alg":"RS256","kid":"k"}"#;
        let body = r#"{"iss":"https://id.example","sub":"1","aud":"nagar","exp":1,"iat":1,"nonce":"n"}"#;
        vec![
            input("paper", &paper().sign(&keys)),
            input("closed", &closed),
            input("typed", "7kq2 m9x4 wd"),
            input("typed", "abcdef0123456789"),
            input("signed", &format!("{head}\n{body}\nsignature")),
            ("keys".to_owned(), set.to_vec()),
        ]
    };
    let named = "parts::noise::pay_14_whatever_a_token_says_is_read_or_refused_and_nothing_forged_is_believed";
    throw((named, 2_000), &known, MARKS, &|name, input| {
        let text = String::from_utf8_lossy(input);
        let believed = |token: &str| {
            let expected =
                of_provider::Expected { issuer: "https://id.example", client_id: "nagar", nonce: "n", now_ms: 1_000 };
            of_provider::check(token, &known_keys, expected).is_ok()
        };
        match name {
            "paper" => {
                let read = Sealed::open(&text, keys.verifying());
                assert!(read.is_err() || read == Ok(paper()), "{text}");
            }
            "closed" => {
                let opened = closed::open(b"key", &["town", "meera"], &text);
                assert!(opened.is_none_or(|plain| plain == b"secret"), "{text}");
            }
            "typed" => {
                let _ = std::hint::black_box((token::typed_code(&text), token::unhex(&text)));
                let _ = std::hint::black_box(totp::step_of(b"secret", &text, 1_000, 0));
            }
            "signed" => {
                let parts: Vec<String> = text.lines().map(|line| URL_SAFE_NO_PAD.encode(line)).collect();
                assert!(!believed(&parts.join(".")) && !believed(&text), "{text}");
            }
            _ => {
                let _ = std::hint::black_box(of_provider::keys(input));
            }
        }
    });
}

#[test]
fn led_05_whatever_a_statement_says_is_read_or_refused() {
    const STATEMENT: &str = "State Bank,,,,\nAccount 11223344556,,,,\n\nDate,Narration,Debit,Credit,Balance\n\
        06/04/2026,UPI 612345678901 asha,,\"1,150.00\",\"21,150.00\"\n07/04/2026,Charges,59.00,,\"21,091.00\"\n\
        08-04-2026,\"NEFT\nसंपत्ति\",,200,21291\n";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("statement.csv");
    let bank = Bank {
        account: "11223344556".to_owned(),
        modes: vec!["upi".to_owned()],
        columns: Columns {
            day: "Date".to_owned(),
            credited: "Credit".to_owned(),
            debited: Some("Debit".to_owned()),
            words: vec!["Narration".to_owned()],
            account: None,
            balance: Some("Balance".to_owned()),
        },
    };
    let known = || vec![input("statement", STATEMENT), input("statement", &STATEMENT.replace(',', ";"))];
    let test = "parts::noise::led_05_whatever_a_statement_says_is_read_or_refused";
    throw((test, 1_000), &known, CELLS, &|_, input| {
        std::fs::write(&path, input).unwrap();
        if let Ok(read) = Statement::read(std::slice::from_ref(&path), &bank) {
            assert!(read.lines.iter().all(|line| !line.amount.is_negative()), "{:?}", read.lines);
        }
    });
}
