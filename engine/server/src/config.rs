//! How one installation is run: `nagar.yaml`. What a town is belongs to the definitions; what a
//! machine is belongs here.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::{Context, ensure};
use connectors::control::holds;
use connectors::files::FilesConfig;
use connectors::files::disk::DiskConfig;
use connectors::identity::IdentityConfig;
use connectors::message::MessageConfig;
use connectors::payment::PaymentConfig;
use connectors::scan::ScanConfig;
use serde::{Deserialize, Deserializer};

use crate::publishers::Publishing;
use crate::work::upkeep::Upkeep;

/// The whole of `nagar.yaml`. Every key may be left out.
#[derive(Debug, Clone, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own in the file")]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where everything is kept that is not a definition: database, files, keys.
    pub data_dir: PathBuf,
    /// The folder of the definitions; or several, each laid over those before it.
    #[serde(deserialize_with = "one_or_several")]
    pub definitions: Vec<PathBuf>,
    /// Whether the definitions are those that were published in the database (`nagar publish`), in the place of
    /// those in the folder: so several nodes serve the same.
    pub published: bool,
    /// Who publishes them, and whether that takes two people.
    pub publication: Publishing,
    /// The only town that is worked in; the others are not read.
    #[serde(skip)]
    pub only_town: Option<String>,
    /// The database, as `postgres://…`; the data directory's own SQLite if nothing is said.
    pub database: Option<String>,
    /// The login that owns the tables of a PostgreSQL database and brings them up to date, if `database`
    /// names another that only serves.
    pub database_owner: Option<String>,
    /// How many seconds a start waits for a database that does not answer yet.
    pub database_wait: u64,
    /// Where `/metrics` is answered, for those who watch; nowhere if nothing is said. It is for the machines that
    /// watch alone: nobody is asked who he is there.
    pub metrics: Option<SocketAddr>,
    /// How many seconds a node that was asked to stop goes on taking requests, while `/ready` says that it is not
    /// ready: as long as whatever stands in front needs to see that.
    pub drain: u64,
    /// How people reach these pages, as in `https://town.example`: links, QR codes and callbacks
    /// are made of this and never of what a request claims.
    pub base_url: String,
    /// Whether this is a demonstration: invented people, messages shown instead of sent, and a
    /// gateway that takes nobody's money.
    pub demo: bool,
    /// Whether the database is being filled with invented history: nothing waits for the disk.
    #[serde(skip)]
    pub filling: bool,
    /// Whether the pages for writers of definitions are served.
    pub implementer: bool,
    /// Whether cookies may travel over plain http to other machines. Only for a demonstration.
    pub insecure_cookies: bool,
    /// The roles whose holders sign in with a second factor; `*` for all. If nothing is said: nobody in a
    /// demonstration, everybody elsewhere.
    pub second_factor: Option<Vec<String>>,
    /// Identity providers at which employees sign in, each by a word of its own that stands in addresses.
    pub identity: BTreeMap<String, IdentityConfig>,
    /// How many proxies of our own stand in front: so many of the last entries of
    /// `X-Forwarded-For` are believed. None, and the header is ignored.
    pub proxies: usize,
    /// How messages go out.
    pub message: MessageConfig,
    /// How money comes in.
    pub payment: PaymentConfig,
    /// Towns whose gateway is another.
    pub payment_of: BTreeMap<String, PaymentConfig>,
    /// Where uploads and papers are kept.
    pub files: FilesConfig,
    /// How many megabytes the files may take that people send to a town; any number if nothing is said.
    pub upload_megabytes: Option<u64>,
    /// Towns of which that is another number.
    pub upload_megabytes_of: BTreeMap<String, u64>,
    /// What looks for viruses in what people send, before it is kept.
    pub scan: ScanConfig,
    /// When work that comes again is done.
    pub upkeep: Upkeep,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            data_dir: PathBuf::from("data"),
            definitions: vec![PathBuf::from("definitions")],
            published: false,
            publication: Publishing::default(),
            only_town: None,
            database: None,
            database_owner: None,
            database_wait: 60,
            metrics: None,
            drain: 0,
            base_url: "http://localhost:8080".to_owned(),
            demo: false,
            filling: false,
            implementer: false,
            insecure_cookies: false,
            second_factor: None,
            identity: BTreeMap::new(),
            proxies: 0,
            message: MessageConfig::Console {},
            payment: PaymentConfig::Counter {},
            payment_of: BTreeMap::new(),
            files: FilesConfig::Disk(DiskConfig { path: PathBuf::from("files") }),
            upload_megabytes: None,
            upload_megabytes_of: BTreeMap::new(),
            scan: ScanConfig::None {},
            upkeep: Upkeep::default(),
        }
    }
}

/// A folder, or a list of folders.
fn one_or_several<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<PathBuf>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Folders {
        One(PathBuf),
        Several(Vec<PathBuf>),
    }
    Ok(match Folders::deserialize(from)? {
        Folders::One(folder) => vec![folder],
        Folders::Several(folders) => folders,
    })
}

impl Config {
    /// Reads and checks the text of `nagar.yaml`.
    ///
    /// # Errors
    /// When it cannot be read, or when what it says cannot work or is not safe.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let config: Self = if text.trim().is_empty() {
            Self::default()
        } else {
            serde_yaml::from_str(text).context("reading nagar.yaml")?
        };
        config.check()?;
        Ok(config)
    }

    /// Refuses what cannot work or is not safe.
    ///
    /// # Errors
    /// Says which key, and why.
    pub fn check(&self) -> anyhow::Result<()> {
        let base = &self.base_url;
        let (scheme, host) = base.split_once("://").with_context(|| format!("base_url `{base}` has no scheme"))?;
        ensure!(matches!(scheme, "http" | "https"), "base_url `{base}` is neither http nor https");
        ensure!(
            !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte)),
            "base_url `{base}` must be scheme, host and port only"
        );
        ensure!(
            self.is_https() || self.is_local() || self.insecure_cookies || !holds("ses_02_plain_http"),
            "base_url `{base}` is plain http: browsers keep sign-ins safe only over https; a demonstration may say `insecure_cookies: true`"
        );
        ensure!(self.demo || !self.insecure_cookies, "insecure_cookies is for demonstrations: it needs `demo: true`");
        ensure!(
            self.demo
                || !holds("pay_01_demo_gateway")
                || !self.gateways().any(|payment| matches!(payment, PaymentConfig::Demo(_))),
            "the demo gateway takes nobody's money: it needs `demo: true`"
        );
        ensure!(self.database_wait <= 3_600, "database_wait is in seconds, an hour at most");
        ensure!(self.drain <= 600, "drain is in seconds, ten minutes at most");
        for (word, identity) in &self.identity {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            ensure!(
                (1..=32).contains(&word.len()) && word.bytes().all(plain),
                "identity: `{word}` is not of small letters, digits and hyphens, 32 at most"
            );
            identity.check().with_context(|| format!("identity: {word}"))?;
        }
        self.publication.check()?;
        self.upkeep.check()
    }

    /// Refuses to serve definitions that two people have not signed, unless this is a demonstration, or it is said
    /// that they are served.
    ///
    /// # Errors
    /// Says what to do.
    pub fn check_signed(&self) -> anyhow::Result<()> {
        ensure!(
            self.demo
                || (self.published && self.publication.two_people)
                || self.publication.unsigned
                || !holds("def_12_unsigned"),
            "these definitions need not be signed by two people, and would be served to everybody: publish them \
             (`published: true` with `publication: {{ two_people: true, publishers: … }}`), or say \
             `publication: {{ unsigned: true }}` if one person may change them alone; docs/operations.md says how"
        );
        Ok(())
    }

    /// The database; the data directory's own if none is named.
    pub fn database_or_own(&self) -> String {
        self.database.clone().unwrap_or_else(|| format!("sqlite:{}", self.data_dir.join("nagar.db").display()))
    }

    /// Whether whoever holds `role` signs in with a second factor.
    pub fn needs_second_factor(&self, role: &str) -> bool {
        match &self.second_factor {
            None => !self.demo,
            Some(roles) => roles.iter().any(|named| named == "*" || named == role),
        }
    }

    /// How many octets the files may take that people send to a town; `None` for any number.
    pub fn room(&self, tenant: &str) -> Option<i64> {
        let megabytes = self.upload_megabytes_of.get(tenant).copied().or(self.upload_megabytes)?;
        Some(i64::try_from(megabytes.saturating_mul(1 << 20)).unwrap_or(i64::MAX))
    }

    /// Every gateway that is configured.
    fn gateways(&self) -> impl Iterator<Item = &PaymentConfig> {
        std::iter::once(&self.payment).chain(self.payment_of.values())
    }

    /// The host that people come to over https, without a port; none where they come in another way.
    pub fn host(&self) -> Option<&str> {
        let host = self.base_url.strip_prefix("https://")?;
        Some(host.rsplit_once(':').map_or(host, |(host, _)| host))
    }

    /// Whether people come over https.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }

    /// Whether the pages are only reached from this machine; browsers trust that as they trust https.
    pub fn is_local(&self) -> bool {
        let host = self.base_url.split("://").nth(1).unwrap_or_default();
        let host = host.strip_prefix('[').map_or_else(
            || host.split(':').next().unwrap_or_default(),
            |rest| rest.split(']').next().unwrap_or_default(),
        );
        host == "localhost" || host == "::1" || host.starts_with("127.")
    }

    /// Whether cookies can carry the mark that only safe connections get them.
    pub fn secure_cookies(&self) -> bool {
        self.is_https() || (self.is_local() && !self.insecure_cookies)
    }
}
