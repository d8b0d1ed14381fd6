//! `nagar incident`: who did what in a span of time, and whom it concerned, for whoever has to report it.

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use engine::base::Moment;
use serde_json::json;
use server::archive::{Opening, Sealing};
use server::chance::{Chance, Clock};
use server::incident::{self, Asked, Found};

use super::backup::Part;
use super::place::{self, Key, Place};
use super::serve;
use super::when::{MINUTES, Until, until};
use crate::output;

/// What `nagar incident` is told.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    key: Key,
    /// From when on: a day, or a minute as `2027-04-01T10:30`.
    #[arg(long, value_parser = until, required_unless_present = "open")]
    from: Option<Until>,
    /// Until when, that day or minute included.
    #[arg(long, value_parser = until, required_unless_present = "open")]
    until: Option<Until>,
    /// The offset from UTC in which times are meant and told.
    #[arg(long, value_parser = offset, default_value = "+05:30", allow_hyphen_values = true)]
    offset: i32,
    /// Only this town or state; may be given again.
    #[arg(long)]
    tenant: Vec<String>,
    /// What this person did, and what concerned the person: key, user name or mobile number.
    #[arg(long)]
    person: Option<String>,
    /// What happened to this case: key or number.
    #[arg(long)]
    case: Option<String>,
    /// What came from the network of this address, and what those did who signed in from there.
    #[arg(long)]
    address: Option<IpAddr>,
    /// Write it so that everybody can read it who has the file; else it is sealed with the key, as archives are.
    #[arg(long, conflicts_with = "key_file")]
    plain: bool,
    /// Open what was sealed, and write that.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "until", "person", "case", "address", "plain"])]
    open: Option<PathBuf>,
    /// The file to write; it must not be there yet.
    #[arg(long, short)]
    output: PathBuf,
}

/// Reads `+05:30`.
fn offset(text: &str) -> Result<i32, String> {
    let read = || {
        let (sign, rest) = match text.split_at_checked(1)? {
            ("+", rest) => (1, rest),
            ("-", rest) => (-1, rest),
            _ => return None,
        };
        let (hours, minutes) = rest.split_once(':')?;
        let number = |text: &str, end: i32| text.parse::<i32>().ok().filter(|number| (0..end).contains(number));
        Some(sign * (number(hours, 15)? * 60 + number(minutes, 60)?))
    };
    read().ok_or_else(|| format!("`{text}` is no offset: write it as +05:30"))
}

/// Gathers and writes; what was found is told for people as well.
pub(crate) fn run(args: &Args, json: bool) -> Result<ExitCode> {
    ensure!(!args.output.exists(), "{} is there already", args.output.display());
    if let Some(sealed) = &args.open {
        return open(args, sealed);
    }
    serve::runtime()?.block_on(all(args, json))
}

fn open(args: &Args, sealed: &Path) -> Result<ExitCode> {
    let from = File::open(sealed).with_context(|| format!("reading {}", sealed.display()))?;
    let mut from = Opening::begin(from, &args.key.secret()?)?;
    let part = Part::begin(&args.output)?;
    let mut to = BufWriter::new(&part.file);
    io::copy(&mut from, &mut to).with_context(|| format!("opening {}", sealed.display()))?;
    to.flush()?;
    drop(to);
    part.keep(&args.output)?;
    Ok(ExitCode::SUCCESS)
}

impl Args {
    fn asked(&self) -> Result<Asked> {
        let (Some(from), Some(until)) = (self.from, self.until) else { anyhow::bail!("a span needs both its ends") };
        let ms = |at: Until, minute: i64| Moment::at(at.day, minute, self.offset).ms;
        let asked = Asked {
            from_ms: ms(from, from.minute.unwrap_or(0)),
            until_ms: ms(until, until.minute.map_or(MINUTES, |minute| minute + 1)) - 1,
            offset_minutes: self.offset,
            person: self.person.clone(),
            case: self.case.clone(),
            address: self.address,
        };
        ensure!(asked.from_ms <= asked.until_ms, "the span ends before it begins");
        Ok(asked)
    }
}

async fn all(args: &Args, json: bool) -> Result<ExitCode> {
    let asked = args.asked()?;
    let secret = if args.plain { None } else { Some(args.key.secret()?) };
    let store = args.place.store().await?;
    let tenants = place::tenants(&store, &args.tenant).await?;
    let part = Part::begin(&args.output)?;
    let mut to = BufWriter::new(&part.file);
    let working = output::Working::begin(json, "Gathering");
    let found = if let Some(secret) = secret {
        let mut sealing = Sealing::begin(to, &secret, Chance::System.bytes())?;
        let found = incident::gather(&store, &tenants, &asked, &mut sealing).await?;
        drop(sealing.finish()?);
        found
    } else {
        let found = incident::gather(&store, &tenants, &asked, &mut to).await?;
        to.flush()?;
        drop(to);
        found
    };
    drop(working);
    part.keep(&args.output)?;
    let by = ["USER", "USERNAME", "LOGNAME"].into_iter().find_map(|name| std::env::var(name).ok());
    incident::note(&store, &tenants, &asked, &by.unwrap_or_default(), Clock::System.now_ms()).await?;
    store.close().await;
    tell(args, &asked, &found, json);
    Ok(ExitCode::SUCCESS)
}

fn tell(args: &Args, asked: &Asked, found: &Found, json: bool) {
    let file = args.output.display().to_string();
    if json {
        let told = json!({
            "file": file, "sealed": !args.plain, "events": found.events, "actors": found.actors.len(),
            "concerned": found.concerned.len(), "cases": found.cases.len(), "sessions": found.sessions,
        });
        output::say(&told.to_string());
        return;
    }
    for line in incident::summary(found, asked) {
        output::say(&line);
    }
    let how =
        if args.plain { "readable by whoever has the file" } else { "sealed; `--open` opens it with the same key" };
    output::say(&format!("{file}: {how}"));
}
