//! The way to a database on another machine.

use server::store::way::{is_in_the_clear, options, waits_for_disks};

#[test]
fn what_leaves_the_machine_is_encrypted_and_proved_or_said_to_be_in_the_clear() {
    for here in [
        "postgres://nagar@127.0.0.1:5432/nagar",
        "postgres://nagar@localhost/nagar",
        "postgres://nagar@[::1]/nagar",
        "postgres:///nagar?host=/run/postgresql",
    ] {
        assert!(options(here).is_ok_and(|options| !is_in_the_clear(&options)), "{here}");
    }
    for (mode, fits) in [
        ("", false),
        ("?sslmode=allow", false),
        ("?sslmode=prefer", false),
        // Encrypted, and to whoever answers.
        ("?sslmode=require", false),
        // Certified, and whoever it is.
        ("?sslmode=verify-ca&sslrootcert=authority.pem", false),
        ("?sslmode=verify-full", true),
        ("?sslmode=verify-full&sslrootcert=authority.pem", true),
        ("?sslmode=disable", true),
    ] {
        for host in ["db", "10.0.0.7", "db.town.example:5433"] {
            let found = options(&format!("postgres://nagar@{host}/nagar{mode}"));
            assert_eq!(found.is_ok(), fits, "{host}{mode}");
            let clear = found.as_ref().is_ok_and(is_in_the_clear);
            assert_eq!(clear, mode == "?sslmode=disable", "{host}{mode}");
            let told = found.err().map(|error| error.to_string());
            assert!(told.is_none_or(|told| told.contains("sslmode=verify-full")), "{host}{mode}");
        }
    }
}

#[test]
fn a_commit_is_acknowledged_once_every_disk_that_is_waited_for_has_it() {
    for (setting, fits) in
        [("on", true), ("remote_apply", true), ("remote_write", false), ("local", false), ("off", false), ("", false)]
    {
        assert_eq!(waits_for_disks(setting), fits, "{setting}");
    }
}
