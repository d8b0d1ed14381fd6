//! The page's words, in English and Hindi.

/// The language the page speaks: Hindi if asked, English otherwise.
pub(super) fn known(language: &str) -> &'static str {
    if language == "hi" { "hi" } else { "en" }
}

/// A word of the page in a known language.
pub(super) fn word(name: &str, language: &str) -> &'static str {
    let (_, english, hindi) =
        WORDS.iter().find(|(key, ..)| *key == name).expect("our templates name only words of this table");
    if language == "hi" { hindi } else { english }
}

/// Name, English, Hindi.
const WORDS: [(&str, &str, &str); 34] = [
    ("own_name", "English", "हिन्दी"),
    ("skip", "Skip to main content", "मुख्य सामग्री पर जाएँ"),
    ("brand", "Demo payment gateway", "डेमो भुगतान गेटवे"),
    ("language", "Language", "भाषा"),
    ("warning", "This is a demonstration. No money is taken.", "यह केवल प्रदर्शन है। कोई राशि नहीं ली जाएगी।"),
    ("title_pay", "Make a payment", "भुगतान करें"),
    ("title_done", "This payment is over", "यह भुगतान पूरा हो चुका है"),
    ("not_found", "There is no such payment", "ऐसा कोई भुगतान नहीं है"),
    ("sum", "Amount", "राशि"),
    ("to_pay", "Amount to pay", "देय राशि"),
    ("paid_to", "Paid to", "प्राप्तकर्ता"),
    ("what_for", "For", "विवरण"),
    ("our_reference", "Reference", "संदर्भ संख्या"),
    ("order_number", "Gateway order", "गेटवे ऑर्डर"),
    ("state", "Status", "स्थिति"),
    ("status_created", "Not paid yet", "अभी भुगतान नहीं हुआ"),
    ("status_pending", "Waiting for the bank", "बैंक से पुष्टि की प्रतीक्षा है"),
    ("status_succeeded", "Paid", "भुगतान सफल"),
    ("status_failed", "Failed", "भुगतान असफल"),
    ("pay_by", "Pay by", "भुगतान का माध्यम"),
    ("mode_upi", "UPI", "यूपीआई"),
    ("mode_card", "Card", "कार्ड"),
    ("mode_net_banking", "Net banking", "नेट बैंकिंग"),
    ("repeat", "How often is the town told?", "नगर को सूचना कितनी बार भेजी जाए?"),
    ("repeat_1", "Once", "एक बार"),
    ("repeat_3", "Repeat 3 times", "तीन बार दोहराएँ"),
    ("endings", "How does this payment end?", "इस भुगतान का परिणाम क्या हो?"),
    ("succeed", "Succeed", "सफल हो"),
    ("fail", "Fail", "असफल हो"),
    ("pending", "Leave pending", "लंबित रहे"),
    ("late", "Succeed but tell late", "सफल हो, पर सूचना देर से मिले"),
    ("close", "Close without paying", "बिना भुगतान किए बंद करें"),
    ("back", "Go back to the town's website", "नगर की वेबसाइट पर लौटें"),
    ("footer", "Run by this demonstration itself.", "यह पृष्ठ इसी प्रदर्शन का भाग है।"),
];
