//! A checker of viruses: what it is told, and what is made of its answers.

use std::sync::{Arc, Mutex};

use connectors::scan::{Found, ScanConfig};
use connectors::{Scanner, open_scanner};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// What every program of this kind knows, in two pieces, so that this file is not taken for one.
fn eicar() -> Vec<u8> {
    [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"].concat().into_bytes()
}

/// A daemon that takes files as ClamAV's does: knows one, is given too much by another, and hangs up on a third.
async fn daemon() -> (String, Arc<Mutex<Vec<Vec<u8>>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (at, given) = (listener.local_addr().unwrap().to_string(), Arc::new(Mutex::new(Vec::new())));
    let seen = Arc::clone(&given);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut word = [0; 10];
            stream.read_exact(&mut word).await.unwrap();
            assert_eq!(&word, b"zINSTREAM\0");
            let mut file = Vec::new();
            loop {
                let length = stream.read_u32().await.unwrap();
                if length == 0 {
                    break;
                }
                let mut piece = vec![0; length.try_into().unwrap()];
                stream.read_exact(&mut piece).await.unwrap();
                file.extend(piece);
            }
            let answer: &[u8] = match file.as_slice() {
                file if file.windows(5).any(|part| part == b"EICAR") => b"stream: Eicar-Test-Signature FOUND\0",
                b"too much" => b"INSTREAM size limit exceeded. ERROR\0",
                b"hang up" => b"",
                _ => b"stream: OK\0",
            };
            seen.lock().unwrap().push(file);
            stream.write_all(answer).await.unwrap();
        }
    });
    (at, given)
}

fn at(place: &str) -> anyhow::Result<Option<Arc<dyn Scanner>>> {
    open_scanner(&serde_json::from_value::<ScanConfig>(serde_json::json!({ "type": "clamav", "at": place }))?)
}

#[tokio::test]
async fn file_06_a_file_is_looked_through_whole_and_only_ok_is_ok() {
    let (place, given) = daemon().await;
    let scanner = at(&place).unwrap().unwrap();
    let long = vec![7; 300_000];
    assert_eq!(scanner.scan(&long).await, Ok(Found::Nothing));
    assert_eq!(scanner.scan(&eicar()).await, Ok(Found::Virus("Eicar-Test-Signature".to_owned())));
    for odd in [&b"too much"[..], b"hang up"] {
        assert!(scanner.scan(odd).await.is_err_and(|fault| fault.is_temporary()), "{odd:?}");
    }
    let given = given.lock().unwrap();
    assert!(given[0] == long && given[1] == eicar(), "all of it, in order");
}

#[tokio::test]
async fn file_06_a_checker_that_is_away_is_a_fault_and_no_permission() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = listener.local_addr().unwrap().to_string();
    drop(listener);
    for place in [place.as_str(), "/nowhere/clamd.ctl"] {
        let fault = at(place).unwrap().unwrap().scan(b"x").await.unwrap_err();
        assert!(fault.is_temporary(), "{fault}");
    }
    for wrong in ["", "clamd", "host:", ":3310", "host:port"] {
        assert!(at(wrong).is_err(), "{wrong}");
    }
    assert!(open_scanner(&ScanConfig::None {}).unwrap().is_none());
}
