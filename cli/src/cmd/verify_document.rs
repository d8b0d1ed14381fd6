//! `nagar verify-document`: whether the code on a paper is ours, without asking anybody.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use serde_json::json;
use server::auth::{keys, seal};

use crate::output;

/// What `nagar verify-document` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What the square pattern says: the address, or the code at its end.
    code: String,
    /// The folder with the public keys of the installation (`*.pub`).
    #[arg(long, default_value = "data/demo/keys")]
    keys: PathBuf,
}

/// Says what the code proves; 1 if it proves nothing.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    let code = args.code.rsplit('/').next().unwrap_or(&args.code);
    let known = keys::public_keys(&args.keys)?;
    match seal::Sealed::open(code, &known) {
        Ok(sealed) => {
            let told = json!({ "valid": true, "kind": sealed.kind, "tenant": sealed.tenant, "number": sealed.number, "issued": sealed.issued.to_string(), "digest": sealed.digest });
            let text =
                format!("genuine: {} {} of {}, issued {}", sealed.kind, sealed.number, sealed.tenant, sealed.issued);
            output::say(&if json { told.to_string() } else { text });
            Ok(ExitCode::SUCCESS)
        }
        Err(broken) => {
            let (word, sentence) = why(broken);
            output::say(&if json {
                json!({ "valid": false, "why": word }).to_string()
            } else {
                format!("not genuine: {sentence}")
            });
            Ok(ExitCode::from(1))
        }
    }
}

/// Why a code proves nothing: in a word for programs, in a sentence for people.
fn why(broken: seal::Broken) -> (&'static str, &'static str) {
    match broken {
        seal::Broken::NotACode => ("not_a_code", "this is not the code of a paper"),
        seal::Broken::UnknownKey => ("unknown_key", "it is signed with a key that is not in the folder of keys"),
        seal::Broken::WrongSignature => {
            ("wrong_signature", "the signature does not fit: something was altered or invented")
        }
    }
}
