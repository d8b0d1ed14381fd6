//! What a payment of several bills, that is not what was asked, is shared out to.

use engine::base::Money;
use server::store::orders::{ACCEPTED, Order};
use server::work::payments::shares;

#[test]
fn pay_03_other_money_for_several_bills_is_shared_out_to_the_last_paisa() {
    let order = Order {
        reference: "r".to_owned(),
        case: "a".to_owned(),
        parts: vec![("a".to_owned(), 100), ("b".to_owned(), 50)],
        gateway: "g".to_owned(),
        gateway_order: None,
        amount_paise: 150,
        currency: "INR".to_owned(),
        begun_ms: 0,
        state: ACCEPTED.to_owned(),
        note: String::new(),
    };
    for (came, expected) in [
        (170, vec![("k:1", "a", 100), ("k:2", "b", 70)]),
        (120, vec![("k:1", "a", 100), ("k:2", "b", 20)]),
        (100, vec![("k:1", "a", 100)]),
        (1, vec![("k:1", "a", 1)]),
    ] {
        let shares = shares(&order, "k", Money::from_paise(came).unwrap());
        let told: Vec<_> =
            shares.iter().map(|(key, case, share)| (key.as_str(), case.as_str(), share.paise())).collect();
        assert_eq!(told, expected, "{came}");
    }
    let alone = Order { parts: Vec::new(), ..order };
    assert_eq!(shares(&alone, "k", Money::ZERO), [("k".to_owned(), "a".to_owned(), Money::ZERO)]);
}
