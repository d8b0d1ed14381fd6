//! The way to PostgreSQL: to another machine it goes through TLS, to whoever has a certificate for that name, or in
//! the clear where whoever runs the program has said so. It never falls from the one to the other by itself.

use std::net::IpAddr;
use std::str::FromStr as _;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::error::Result;

/// What an address says of the way to a database.
///
/// # Errors
/// When the address is none, or names another machine and leaves open how safe the way is.
pub fn options(url: &str) -> Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url)?;
    match options.get_ssl_mode() {
        PgSslMode::VerifyFull | PgSslMode::Disable => return Ok(options),
        // Nobody stands in between, and what is optional is left out.
        PgSslMode::Allow | PgSslMode::Prefer if is_here(&options) => return Ok(options.ssl_mode(PgSslMode::Disable)),
        PgSslMode::Require | PgSslMode::VerifyCa if is_here(&options) => return Ok(options),
        // An authority of one's own is believed beside those that the machine knows. Who asks for no name takes
        // whoever any of them has ever certified.
        PgSslMode::Allow | PgSslMode::Prefer | PgSslMode::Require | PgSslMode::VerifyCa => {}
    }
    let why = format!(
        "PostgreSQL on {} may be anybody: say sslmode=verify-full in its address, with sslrootcert=FILE for an authority \
         of your own, or sslmode=disable where nobody else is on the network",
        options.get_host()
    );
    Err(sqlx::Error::Configuration(why.into()).into())
}

/// Whether a commit is acknowledged only once it is on the disk of the server and on that of every standby that it
/// waits for, as this setting of `synchronous_commit` says. With `local` it waits for no standby, with `remote_write`
/// for no disk of one.
pub fn waits_for_disks(synchronous_commit: &str) -> bool {
    matches!(synchronous_commit, "on" | "remote_apply")
}

/// Whether anybody on the network reads what is said to the database.
pub fn is_in_the_clear(options: &PgConnectOptions) -> bool {
    matches!(options.get_ssl_mode(), PgSslMode::Disable) && !is_here(options)
}

/// Whether the database is reached without leaving the machine.
fn is_here(options: &PgConnectOptions) -> bool {
    let host = options.get_host().trim_matches(['[', ']']);
    options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}
