//! Archives, sealed and opened.

use std::io::{self, Read as _, Write as _};

use server::archive::{Broken, HEADER, Opening, PIECE, Sealing, Secret, TAG};

fn secret(text: &str) -> Secret {
    Secret::new(text.as_bytes()).unwrap()
}

fn sealed(bytes: &[u8]) -> Vec<u8> {
    let mut sealing = Sealing::begin(Vec::new(), &secret("correct horse battery"), [7; 16]).unwrap();
    sealing.write_all(bytes).unwrap();
    sealing.finish().unwrap()
}

fn opened(bytes: &[u8], key: &str) -> Result<Vec<u8>, Broken> {
    let why = |error: anyhow::Error| {
        let inner = |error: &io::Error| error.get_ref()?.downcast_ref::<Broken>().copied();
        error.downcast_ref::<Broken>().copied().or_else(|| inner(error.downcast_ref()?)).expect("it says why")
    };
    let mut opening = Opening::begin(bytes, &secret(key)).map_err(why)?;
    let mut all = Vec::new();
    opening.read_to_end(&mut all).map_err(|error| why(error.into()))?;
    Ok(all)
}

#[test]
fn ops_07_what_was_sealed_is_opened_whatever_its_size() {
    for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5] {
        let bytes: Vec<u8> = (0..size).map(|at| u8::try_from(at % 251).unwrap()).collect();
        let file = sealed(&bytes);
        assert!(opened(&file, "correct horse battery").is_ok_and(|all| all == bytes), "{size} octets");
        assert!(!file.windows(64).any(|part| bytes.windows(64).next() == Some(part)), "nothing can be read");
    }
}

#[test]
fn ops_07_whatever_is_wrong_is_refused_and_said() {
    let file = sealed(&vec![9; 2 * PIECE + 100]);
    let key = "correct horse battery";
    assert_eq!(opened(&file, "another horse battery"), Err(Broken::WrongKey));
    assert_eq!(opened(b"", key), Err(Broken::NoArchive));
    assert_eq!(opened(b"PK\x03\x04 a zip", key), Err(Broken::NoArchive));
    for end in [20, HEADER, HEADER + 5, HEADER + PIECE, HEADER + PIECE + TAG, file.len() - 1] {
        assert_eq!(opened(&file[..end], key), Err(Broken::CutOff), "{end} octets are left");
    }
    for at in [HEADER, HEADER + PIECE + TAG + 3] {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert_eq!(opened(&changed, key), Err(Broken::Changed), "octet {at}");
    }
    for at in [HEADER - 1, 20] {
        let mut changed = file.clone();
        changed[at] ^= 1;
        assert_eq!(opened(&changed, key), Err(Broken::WrongKey), "octet {at}");
    }
    let mut swapped = file[..HEADER].to_vec();
    let piece = PIECE + TAG;
    swapped.extend(&file[HEADER + piece..HEADER + 2 * piece]);
    swapped.extend(&file[HEADER..HEADER + piece]);
    swapped.extend(&file[HEADER + 2 * piece..]);
    assert_eq!(opened(&swapped, key), Err(Broken::Changed));
    let mut longer = file;
    longer.extend(vec![0; 2 * PIECE]);
    assert_eq!(opened(&longer, key), Err(Broken::Changed));
    assert!(Secret::new(b"  short \n").is_err());
}
