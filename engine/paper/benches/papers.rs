//! How long papers take. The fonts are read before the clock starts, as in a server.

#[path = "../tests/papers/samples.rs"]
mod samples;

use divan::{Bencher, black_box};
use paper::{Options, Page, pdf};

fn main() {
    divan::main();
}

fn bench(bencher: Bencher, html: &str, options: &Options) {
    pdf(html, options).expect("the sample is a paper");
    bencher.bench(|| pdf(black_box(html), options).map(|bytes| bytes.len()));
}

#[divan::bench]
fn license_one_page(bencher: Bencher) {
    bench(bencher, samples::LICENSE, &samples::options("License", Page::A4));
}

#[divan::bench]
fn receipt_a5(bencher: Bencher) {
    bench(bencher, samples::RECEIPT, &samples::options("Receipt", Page::A5));
}

#[divan::bench]
fn bill_two_pages(bencher: Bencher) {
    bench(bencher, &samples::bill(), &samples::options("Bill", Page::A4));
}

#[divan::bench]
fn trial_balance_twenty_pages(bencher: Bencher) {
    bench(bencher, &samples::trial_balance(), &samples::options("Trial balance", Page::A4));
}
