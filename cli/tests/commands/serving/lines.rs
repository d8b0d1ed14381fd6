//! Lines between a node and its database, which can be cut, and turned to another database.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex, RwLock};

/// A port at which a database is reached.
pub(super) struct Lines {
    port: u16,
    target: Arc<AtomicU16>,
    open: Arc<Mutex<Vec<TcpStream>>>,
    /// Shut while nothing gets through.
    gate: Arc<RwLock<()>>,
}

impl Lines {
    /// Lines to the database at a port. They end with the process.
    pub(super) fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let lines = Self {
            port: listener.local_addr().unwrap().port(),
            target: Arc::new(AtomicU16::new(port)),
            open: Arc::default(),
            gate: Arc::default(),
        };
        let (target, open, gate) = (Arc::clone(&lines.target), Arc::clone(&lines.open), Arc::clone(&lines.gate));
        std::thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                // Where nobody answers, the line is dead.
                let Ok(far) = TcpStream::connect(("127.0.0.1", target.load(Ordering::SeqCst))) else { continue };
                let ends = [&near, &far].map(|end| end.try_clone().unwrap());
                open.lock().unwrap().extend(ends);
                let (from, to) = (near.try_clone().unwrap(), far.try_clone().unwrap());
                let (there, back) = (Arc::clone(&gate), Arc::clone(&gate));
                std::thread::spawn(move || carry(from, to, &there));
                std::thread::spawn(move || carry(far, near, &back));
            }
        });
        lines
    }

    /// The address of the database as it is reached by them.
    pub(super) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Cuts everything that is open, whatever is on its way.
    pub(super) fn cut(&self) {
        for end in self.open.lock().unwrap().drain(..) {
            // It may have ended by itself.
            let _ = end.shutdown(Shutdown::Both);
        }
    }

    /// Lets nothing through while `wait` lasts, and then cuts everything: what was said meanwhile is lost, and so is the
    /// answer to what had got through before.
    pub(super) fn hold(&self, wait: impl FnOnce()) {
        let shut = self.gate.write().unwrap();
        wait();
        self.cut();
        drop(shut);
    }

    /// Who connects from now on reaches another database.
    pub(super) fn turn(&self, port: u16) {
        self.target.store(port, Ordering::SeqCst);
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, gate: &RwLock<()>) {
    let mut bytes = [0_u8; 4_096];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        let _open = gate.read().unwrap();
        if to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
