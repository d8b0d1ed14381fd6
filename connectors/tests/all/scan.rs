//! A checker of viruses: what it is told, and what is made of its answers.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

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

/// The daemon of ClamAV, where it is installed: `./test` installs it.
fn clamd() -> Option<PathBuf> {
    let named = std::env::var_os("CLAMD").map(PathBuf::from);
    let usual = ["/usr/sbin/clamd", "/usr/local/sbin/clamd", "/opt/homebrew/sbin/clamd"].map(PathBuf::from);
    named.into_iter().chain(usual).find(|path| path.is_file())
}

/// One that runs, and ends with the test.
struct Running(Child);

impl Running {
    /// Starts it in a folder. What it knows is one file, by its length and hash: nothing is fetched from anywhere.
    fn start(program: &Path, folder: &Path) -> Self {
        let known = folder.join("known");
        std::fs::create_dir(&known).unwrap();
        std::fs::write(known.join("test.hdb"), "44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test\n").unwrap();
        let config = folder.join("clamd.conf");
        let (socket, known) = (folder.join("clamd.ctl"), known.display());
        let lines = format!("LocalSocket {}\nDatabaseDirectory {known}\nForeground yes\n", socket.display());
        std::fs::write(&config, lines).unwrap();
        let mut command = Command::new(program);
        command.arg("--config-file").arg(&config).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has ended, or ends now.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Asks until somebody answers; whoever starts needs a moment.
async fn answered(scanner: &Arc<dyn Scanner>, bytes: &[u8]) -> Found {
    let mut tick = tokio::time::interval(Duration::from_millis(100));
    for _ in 0..300 {
        tick.tick().await;
        if let Ok(found) = scanner.scan(bytes).await {
            return found;
        }
    }
    panic!("the daemon of ClamAV does not answer");
}

#[tokio::test]
async fn file_06_a_real_daemon_of_clamav_finds_the_file_that_every_checker_knows() {
    let Some(program) = clamd() else {
        let why = "there is no clamd here; ./test installs it, and CLAMD names another";
        // Where everything is tried for a change, silence must not be taken for a pass.
        assert!(std::env::var_os("CI").is_none(), "CI is set, and {why}");
        eprintln!("skipped: {why}");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let _running = Running::start(&program, folder.path());
    let scanner = at(folder.path().join("clamd.ctl").to_str().unwrap()).unwrap().unwrap();
    assert_eq!(answered(&scanner, b"Nothing to be found here.").await, Found::Nothing);
    let found = scanner.scan(&eicar()).await.unwrap();
    assert!(matches!(&found, Found::Virus(name) if name.starts_with("Eicar-Test")), "{found:?}");
    let long = vec![7; 3 << 20];
    assert_eq!(scanner.scan(&long).await, Ok(Found::Nothing), "a long file in many pieces");
}
