//! Papers that tests and benchmarks share: the real ones, and long ones made by counting.

use paper::{Options, Page};
use std::fmt::Write as _;

/// An emblem of simple shapes.
pub(crate) const EMBLEM: &str = include_str!("../../samples/emblem.svg");
/// A license in Hindi on one page.
pub(crate) const LICENSE: &str = include_str!("../../samples/license.html");
/// A receipt in English and Hindi.
pub(crate) const RECEIPT: &str = include_str!("../../samples/receipt.html");

/// What most papers are made with.
pub(crate) fn options(title: &str, page: Page) -> Options<'_> {
    Options {
        title,
        language: "hi",
        page,
        footer: Some("nagar.example · सत्यापन के लिए कोड देखें"),
        emblem: Some(EMBLEM),
        accent: Some("#1d3a5f"),
        created: "2026-04-12T10:42:00+05:30",
    }
}

/// An amount in paise as it is printed: `₹1,00,000.00`.
fn rupees(paise: u64) -> String {
    let (whole, rest) = ((paise / 100).to_string(), paise % 100);
    let (lead, last) = whole.split_at(whole.len().saturating_sub(3));
    let mut groups: Vec<&str> = Vec::new();
    let mut lead = lead;
    while !lead.is_empty() {
        let (more, group) = lead.split_at(lead.len().saturating_sub(2));
        groups.insert(0, group);
        lead = more;
    }
    groups.push(last);
    format!("₹{}.{rest:02}", groups.join(","))
}

/// A tax bill of two pages: arrears of many years, line by line.
pub(crate) fn bill() -> String {
    let mut rows = String::new();
    let mut total = 0;
    for year in 0..26_u64 {
        let (tax, late) = (184_000 + year * 7_350, 9_200 * (year % 5));
        total += tax + late;
        write!(
            rows,
            "<tr><td>{0}-{1:02}</td><td>भवन कर / House tax, plinth area 142.50 sq m at the rate \
             notified for the ward</td><td class=\"num\">{2}</td><td class=\"num\">{3}</td>\
             <td class=\"num\">{4}</td></tr>",
            2000 + year,
            (year + 1) % 100,
            rupees(tax),
            rupees(late),
            rupees(tax + late)
        )
        .expect("a string takes all");
    }
    format!(
        "<div class=\"columns\"><img src=\"emblem\"/><div><h2>सम्पत्ति कर बिल</h2><p><small>Bill \
         PT-EX-2026-27-000017, due 30/06/2026</small></p></div></div><hr/>\
         <table class=\"plain\"><tr><th>स्वामी</th><td>श्रीमती द्रौपदी देवी</td></tr><tr><th>पता</th>\
         <td>मकान संख्या 4/118, अपर कालाबड़, वार्ड 3</td></tr></table>\
         <table><thead><tr><th>वर्ष</th><th>विवरण</th><th class=\"num\">कर</th>\
         <th class=\"num\">विलम्ब शुल्क</th><th class=\"num\">योग</th></tr></thead><tbody>{rows}\
         <tr class=\"total\"><td colspan=\"4\">कुल देय</td><td class=\"num\">{}</td></tr></tbody>\
         </table><div class=\"box\"><h3>कैसे भुगतान करें</h3><ul><li>ऑनलाइन: nagar.example/pay</li>\
         <li>किसी भी काउंटर पर नकद, चेक या UPI से</li></ul></div>",
        rupees(total)
    )
}

/// A trial balance of twenty pages.
pub(crate) fn trial_balance() -> String {
    let mut rows = String::new();
    let mut total = 0;
    for nth in 0..660_u64 {
        // Every debit has its credit in the next line.
        let amount = (nth / 2 * 15_838 + 13) % 9_000_000;
        total += amount * (1 - nth % 2);
        let words = ["संपत्ति कर से आय", "Fees from licenses", "जल प्रभार", "Receivable, rent of shops"];
        let (debit, credit) =
            if nth % 2 == 0 { (rupees(amount), String::new()) } else { (String::new(), rupees(amount)) };
        write!(
            rows,
            "<tr><td>{}</td><td>{}</td><td class=\"num\">{debit}</td><td class=\"num\">{credit}\
             </td></tr>",
            1_100_000 + nth,
            words[(nth % 4) as usize]
        )
        .expect("a string takes all");
    }
    format!(
        "<h2>तलपट / Trial balance</h2><p>01/04/2026 से 31/03/2027 तक</p><table><thead><tr>\
         <th>खाता</th><th>विवरण</th><th class=\"num\">नामे</th><th class=\"num\">जमा</th></tr>\
         </thead><tbody>{rows}<tr class=\"total\"><td></td><td>योग</td><td class=\"num\">{0}</td>\
         <td class=\"num\">{0}</td></tr></tbody></table>",
        rupees(total)
    )
}
