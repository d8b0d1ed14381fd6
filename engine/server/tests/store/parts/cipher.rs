//! What is sealed is what anybody's XChaCha20-Poly1305 makes of it.

use chacha20poly1305::aead::AeadInOut as _;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use server::store::{open_octets, seal_octets};

#[test]
fn priv_03_what_is_sealed_is_xchacha20_poly1305() {
    for length in [0_u8, 1, 15, 16, 63, 64, 65, 200, 255] {
        let (key, drawn) = ([length; 32], [length.wrapping_mul(3); 32]);
        let plain: Vec<u8> = (0..u16::from(length) * 11).map(|at| at.to_le_bytes()[0]).collect();
        let mut other = plain.clone();
        let nonce: [u8; 24] = drawn[..24].try_into().unwrap();
        XChaCha20Poly1305::new(&key.into()).encrypt_in_place(&nonce.into(), b"t|a|b|1", &mut other).unwrap();

        let mut sealed = seal_octets(&key, drawn, "t|a|b|1", &plain).unwrap();
        assert_eq!(sealed, [nonce.as_slice(), &other].concat(), "{length}");
        assert_eq!(open_octets(&key, "t|a|b|1", &sealed), Some(plain), "{length}");
        assert_eq!(open_octets(&key, "t|a|b|2", &sealed), None, "{length}: elsewhere");
        assert_eq!(open_octets(&[0xEE; 32], "t|a|b|1", &sealed), None, "{length}: with another key");
        sealed[24] ^= 1;
        assert_eq!(open_octets(&key, "t|a|b|1", &sealed), None, "{length}: changed");
        assert_eq!(open_octets(&key, "t|a|b|1", &sealed[..30]), None, "{length}: cut off");
    }
}
