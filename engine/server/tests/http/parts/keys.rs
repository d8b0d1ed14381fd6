//! The keys of an installation.

use std::fs;

use server::auth::keys::Keys;
use server::chance::Chance;

#[test]
fn ops_06_keys_are_made_once_and_kept_from_others() {
    let folder = tempfile::tempdir().unwrap();
    let first = Keys::open(folder.path(), &Chance::System).unwrap();
    let again = Keys::open(folder.path(), &Chance::System).unwrap();
    assert_eq!(first.secret(), again.secret());
    assert_eq!(first.verifying().len(), 1);
    let path = folder.path().join("keys/signing.key");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(format!("{:#}", Keys::open(folder.path(), &Chance::System).unwrap_err()).contains("chmod 600"));
    }
    fs::remove_file(&path).unwrap();
    assert_eq!(Keys::open(folder.path(), &Chance::System).unwrap().verifying().len(), 2, "old papers stay provable");
}

#[test]
fn ops_06_a_placeholder_is_no_key() {
    let folder = tempfile::tempdir().unwrap();
    Keys::open(folder.path(), &Chance::System).unwrap();
    // The file keeps the rights that it was made with.
    for placeholder in ["00".repeat(32), "0123456789abcdef".repeat(4)] {
        fs::write(folder.path().join("keys/master.key"), placeholder).unwrap();
        let error = Keys::open(folder.path(), &Chance::System).unwrap_err();
        assert!(format!("{error:#}").contains("a placeholder and not a key"), "{error:#}");
    }
}
