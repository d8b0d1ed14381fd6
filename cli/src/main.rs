//! `nagar`: one program for everybody who works with the definitions or runs the service.

mod cmd;
mod log;
mod output;

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

/// For Rust and for SQLite: a sixth of the time of most commands went into the allocator of the C library.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Municipal services from definitions: check them, try them out, serve them.
///
/// Exit codes: 0 all is well, 1 something was found (errors in definitions, failing scenarios,
/// damaged books), 2 the command could not be carried out.
#[derive(Parser)]
#[command(name = "nagar", version, arg_required_else_help = true)]
struct Cli {
    /// Write for programs rather than for people, where a command can.
    #[arg(long, global = true)]
    json: bool,
    /// How the log is written beside the output: for people, or a JSON object a line for programs.
    #[arg(long, global = true, env = "NAGAR_LOG", default_value = "text")]
    log: log::Form,
    /// The collector that is told of each request, by OTLP over HTTP, as in `http://127.0.0.1:4318`; none if silent.
    #[arg(long, global = true, value_name = "URL", env = "NAGAR_TRACES")]
    traces: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check definitions and say everything that is wrong with them.
    Check(cmd::check::Args),
    /// Run the scenarios that lie beside the definitions.
    Test(cmd::test::Args),
    /// Explain a check by its code.
    Explain(cmd::explain::Args),
    /// Draw the workflow of a service as SVG.
    Draw(cmd::draw::Args),
    /// Hold a drawing to by-laws: print the report, and draw what does not fit.
    Scrutinise(cmd::scrutinise::Args),
    /// Write the JSON Schemas of all kinds of files.
    Schema(cmd::schema::Args),
    /// Serve the pages and the API.
    Serve(cmd::serve::Args),
    /// Publish definitions in a database, for every node that serves what is published there.
    Publish(cmd::publish::Args),
    /// Move open cases of a service to the definition that is served now, after a check of each.
    MigrateCases(cmd::migrate_cases::Args),
    /// Appoint the administrator of a town, who gives everybody else their posts.
    Appoint(cmd::appoint::Args),
    /// Take away the authenticator of a citizen who lost it, after the office has seen who it is.
    Authenticator(cmd::authenticator::Args),
    /// Serve a state with two years of invented history.
    Demo(cmd::demo::Args),
    /// Serve the payment gateway for play, as a server of its own.
    DemoGateway(cmd::demo_gateway::Args),
    /// Bill every record of a register for the period that began.
    Raise(cmd::raise::Args),
    /// Make anew what records are found by, after a definition marks other answers as searchable.
    Reindex(cmd::reindex::Args),
    /// Erase what people said in cases that were kept as long as their services say.
    Retention(cmd::retention::Args),
    /// Change the keys of an installation.
    Keys(cmd::keys::Args),
    /// Take over a register that was kept elsewhere, from a table.
    Import(cmd::import::Args),
    /// Print the bills of a register, a file for each ward.
    Bills(cmd::bills::Args),
    /// Print the register of demand, collection and balance, by place and head.
    Dcb(cmd::dcb::Args),
    /// Hold what a bank says came in against the receipts that were given for it.
    Reconcile(cmd::reconcile::Args),
    /// Prove that chain, books, tills, numbers and cases are whole.
    Verify(cmd::verify::Args),
    /// Write an archive of a store, sealed, while it is served.
    Backup(cmd::backup::Args),
    /// Put an archive into an empty place, and prove it.
    Restore(cmd::restore::Args),
    /// Carry towns with their history to another database, and prove both sides equal.
    Move(cmd::move_towns::Args),
    /// Prove that the code on a paper is genuine, offline.
    VerifyDocument(cmd::verify_document::Args),
    /// Write the journal as beancount text.
    Export(cmd::export::Args),
    /// Gather who did what in a span of time, and whom it concerned.
    Incident(cmd::incident::Args),
    /// Write a small new service that passes every check.
    New(cmd::new::Args),
    /// Write the words of a service into a file of `locales/`, to be translated into another language.
    Words(cmd::words::Args),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    // Lives to the end: what the collector was not yet told, it is told then.
    let _log = match log::begin(cli.log, cli.traces.as_deref()) {
        Ok(log) => log,
        Err(error) => {
            output::say_error(&format!("nagar: {error:#}"));
            return ExitCode::from(2);
        }
    };
    let done = match cli.command {
        Command::Check(args) => cmd::check::run(&args, cli.json),
        Command::Test(args) => cmd::test::run(&args, cli.json),
        Command::Explain(args) => cmd::explain::run(&args, cli.json),
        Command::Draw(args) => cmd::draw::run(&args, cli.json),
        Command::Scrutinise(args) => cmd::scrutinise::run(&args, cli.json),
        Command::Schema(args) => cmd::schema::run(&args, cli.json),
        Command::Serve(args) => cmd::serve::run(&args, cli.json),
        Command::Publish(args) => cmd::publish::run(&args, cli.json),
        Command::MigrateCases(args) => cmd::migrate_cases::run(&args, cli.json),
        Command::Appoint(args) => cmd::appoint::run(&args, cli.json),
        Command::Authenticator(args) => cmd::authenticator::run(&args, cli.json),
        Command::Demo(args) => cmd::demo::run(&args, cli.json),
        Command::DemoGateway(args) => cmd::demo_gateway::run(&args, cli.json),
        Command::Raise(args) => cmd::raise::run(&args, cli.json),
        Command::Reindex(args) => cmd::reindex::run(&args, cli.json),
        Command::Retention(args) => cmd::retention::run(&args, cli.json),
        Command::Keys(args) => cmd::keys::run(&args, cli.json),
        Command::Import(args) => cmd::import::run(&args, cli.json),
        Command::Bills(args) => cmd::bills::run(&args, cli.json),
        Command::Dcb(args) => cmd::dcb::run(&args, cli.json),
        Command::Reconcile(args) => cmd::reconcile::run(&args, cli.json),
        Command::Verify(args) => cmd::verify::run(&args, cli.json),
        Command::Backup(args) => cmd::backup::run(&args, cli.json),
        Command::Restore(args) => cmd::restore::run(&args, cli.json),
        Command::Move(args) => cmd::move_towns::run(&args, cli.json),
        Command::VerifyDocument(args) => cmd::verify_document::run(&args, cli.json),
        Command::Export(args) => cmd::export::run(&args, cli.json),
        Command::Incident(args) => cmd::incident::run(&args, cli.json),
        Command::New(args) => cmd::new::run(&args, cli.json),
        Command::Words(args) => cmd::words::run(&args, cli.json),
        Command::Completions { shell } => {
            // Into memory first: it would take a reader who has gone away for an error.
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "nagar", &mut script);
            output::say(String::from_utf8_lossy(&script).trim_end());
            Ok(ExitCode::SUCCESS)
        }
    };
    done.unwrap_or_else(|error| {
        output::say_error(&format!("nagar: {error:#}"));
        ExitCode::from(2)
    })
}
