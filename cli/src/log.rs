//! What is logged, and the spans that a collector is told.

use anyhow::{Context as _, Result};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt};

/// How the log is written.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(crate) enum Form {
    /// For people.
    Text,
    /// A JSON object a line.
    Json,
}

/// What is logged until the program ends; then what was not yet told to the collector is.
pub(crate) struct Log(Option<SdkTracerProvider>);

/// Begins to log, and to tell spans to the collector at `traces`, if there is one. To be called outside a runtime.
pub(crate) fn begin(form: Form, traces: Option<&str>) -> Result<Log> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    let written = fmt::layer().with_writer(std::io::stderr);
    let written = match form {
        Form::Text => written.with_filter(filter).boxed(),
        Form::Json => written.json().flatten_event(true).with_filter(filter).boxed(),
    };
    let provider = traces.map(provider).transpose()?;
    let told = provider.as_ref().map(|provider| {
        // Requests, whatever is logged: nothing of the libraries below.
        let ours = Targets::new().with_target("server", LevelFilter::INFO);
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("nagar"));
        layer.with_location(false).with_threads(false).with_tracked_inactivity(false).with_filter(ours)
    });
    tracing_subscriber::registry().with(written).with(told).init();
    Ok(Log(provider))
}

/// Sends spans to a collector, in the background, by OTLP over HTTP.
fn provider(collector: &str) -> Result<SdkTracerProvider> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(format!("{}/v1/traces", collector.trim_end_matches('/')))
        .build()
        .with_context(|| format!("the collector {collector}"))?;
    let resource = Resource::builder_empty().with_service_name("nagar").build();
    Ok(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}

impl Drop for Log {
    fn drop(&mut self) {
        if let Some(provider) = self.0.take() {
            // A collector that has gone away keeps nobody from ending.
            let _ = provider.shutdown();
        }
    }
}
