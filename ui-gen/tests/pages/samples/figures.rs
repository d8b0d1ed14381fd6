//! Figures of a town, as charts with tables.

use ui_gen::view::figures::{Chart, ChartRow, Counted, Figures};
use ui_gen::{Page, chart};

use super::{Lang, Sample, staff};

pub(crate) fn all(l: Lang) -> Vec<Sample> {
    let page = |name, page| Sample { name, chrome: staff(l), page };
    let whole = figures(l);
    let mut none = whole.clone();
    for emptied in &mut none.charts {
        emptied.rows.clear();
        emptied.svg.clear();
    }
    vec![page("figures", Page::Figures(whole)), page("figures_none", Page::Figures(none))]
}

fn row(label: String, counts: &[(i64, &str)]) -> ChartRow {
    let counted = |(count, text): &(i64, &str)| Counted { count: *count, text: (*text).to_owned() };
    ChartRow { label, counts: counts.iter().map(counted).collect() }
}

fn figures(l: Lang) -> Figures {
    let decided = || l.t("Decided", "निस्तारित");
    let months = Chart {
        id: "months".into(),
        title: l.t("Received by month", "माहवार प्राप्त आवेदन"),
        about: l.t("How many were received, and decided.", "कितने प्राप्त हुए, और निस्तारित हुए।"),
        of: l.t("Month", "माह"),
        series: vec![l.t("Received", "प्राप्त"), decided()],
        rows: vec![
            row("05/2026".into(), &[(1_240, "1,240"), (1_180, "1,180")]),
            row("06/2026".into(), &[(620, "620"), (155, "155")]),
        ],
        ..Chart::default()
    };
    let wards = Chart {
        id: "wards".into(),
        title: l.t("By ward", "वार्डवार स्थिति"),
        about: l.t("How many are open.", "कितने लंबित हैं।"),
        note: l.t("The chart shows some wards.", "चार्ट में कुछ वार्ड हैं।"),
        of: l.t("Ward", "वार्ड"),
        series: vec![l.t("Open", "लंबित"), l.t("Overdue", "विलंबित"), decided()],
        rows: vec![
            row(l.t("Ward 1 <hill>", "वार्ड 1 <पहाड़ी>"), &[(34, "34"), (1, "1"), (410, "410")]),
            row(l.t("No ward", "बिना वार्ड के"), &[(12, "12"), (0, "0"), (3, "3")]),
        ],
        ..Chart::default()
    };
    let drawn = |drawn: Chart| Chart { svg: chart::bars(&drawn), ..drawn };
    Figures {
        from: "01/07/2025".into(),
        until: "15/06/2026".into(),
        csv: "/devgaon/desk/figures.csv".into(),
        charts: vec![drawn(months), drawn(wards)],
    }
}
