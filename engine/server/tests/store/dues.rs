//! Records as strangers find them, and orders that pay for several cases.

use server::store::orders::{self, Order};
use server::store::{found, links, records};

use crate::database::on_each;
use crate::town::{NOW, TOWN, licensed, open};

const NUMBER: &str = "DOG/000001";

#[test]
fn a_number_is_found_whole_and_a_name_only_in_its_place() {
    on_each(|database| async move {
        let store = database.open().await;
        licensed(&store, "c1").await;
        let mut tx = store.begin(TOWN).await.unwrap();
        let record = records::load(&mut tx, "dogs", NUMBER).await.unwrap().unwrap();
        let terms = [
            ("holder", "सुनीता शर्मा".to_owned()),
            ("old_number", "D-77/2009".to_owned()),
            ("place", "Mill Lane".to_owned()),
            ("place", found::place_term("L3")),
            ("place", found::place_term("W2")),
        ];
        let terms = terms.map(|(field, text)| (field.to_owned(), text));
        found::put_terms(&mut tx, &record, &terms).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.read(TOWN).await.unwrap();
        for (text, field) in [("d-77/2009", Some("old_number")), (" D-77/2009 ", Some("old_number")), ("d-77", None)] {
            let hits = found::with_term(&mut tx, "dogs", text, 10).await.unwrap();
            let expected: Vec<_> = field.into_iter().map(|field| (NUMBER.to_owned(), field.to_owned())).collect();
            assert_eq!(hits, expected, "{text}");
        }
        assert!(found::with_term(&mut tx, "cats", "d-77/2009", 10).await.unwrap().is_empty());
        for (name, place, hits) in [
            ("Sunita Sarma", "W2", 1),
            ("शर्मा", "L3", 1),
            ("Sharma", "W1", 0),
            ("Sunita Verma", "W2", 0),
            ("Mill Lane", "W2", 0),
            ("Shar", "W2", 0),
            ("", "W2", 0),
            ("77", "W2", 0),
        ] {
            let found = found::named_in(&mut tx, "dogs", name, place, 10).await.unwrap();
            assert_eq!(found.len(), hits, "{name} in {place}");
        }
        assert!(found::named_in(&mut tx, "dogs", "Sharma", "W2", 0).await.unwrap().is_empty(), "as many as are wanted");
    });
}

#[test]
fn an_order_of_several_cases_is_found_by_each() {
    on_each(|database| async move {
        let store = database.open().await;
        for case in ["c1", "c2", "c3"] {
            open(&store, case).await;
        }
        let order = Order {
            reference: "r1".to_owned(),
            case: "c2".to_owned(),
            parts: vec![("c2".to_owned(), 30_000), ("c1".to_owned(), 12_345)],
            gateway: "demo".to_owned(),
            gateway_order: None,
            amount_paise: 42_345,
            currency: "INR".to_owned(),
            begun_ms: NOW,
            state: "open".to_owned(),
            note: String::new(),
        };
        let single = Order { reference: "r2".to_owned(), case: "c1".to_owned(), parts: Vec::new(), ..order.clone() };
        let mut tx = store.begin(TOWN).await.unwrap();
        orders::insert(&mut tx, &order).await.unwrap();
        orders::insert(&mut tx, &single).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(orders::find(&mut tx, "r1").await.unwrap(), Some(order.clone()));
        for (case, expected) in [("c1", vec!["r1", "r2"]), ("c2", vec!["r1"]), ("c3", Vec::new())] {
            let found = orders::by_case(&mut tx, case).await.unwrap();
            assert_eq!(found.iter().map(|order| order.reference.as_str()).collect::<Vec<_>>(), expected, "{case}");
        }
    });
}

#[test]
fn a_record_has_one_short_code_and_keeps_it() {
    on_each(|database| async move {
        let store = database.open().await;
        let mut tx = store.begin(TOWN).await.unwrap();
        for code in ["abc", "xyz"] {
            links::put(&mut tx, "dogs", NUMBER, code).await.unwrap();
        }
        links::put(&mut tx, "dogs", "DOG/000002", "abc").await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.read(TOWN).await.unwrap();
        assert_eq!(links::of(&mut tx, "dogs", NUMBER).await.unwrap().as_deref(), Some("abc"));
        assert_eq!(links::of(&mut tx, "dogs", "DOG/000002").await.unwrap(), None, "a code that is taken is not given");
        assert_eq!(links::find(&mut tx, "abc").await.unwrap(), Some(("dogs".to_owned(), NUMBER.to_owned())));
        assert_eq!(links::find(&mut tx, "xyz").await.unwrap(), None);
        let mut other = store.read("elsewhere").await.unwrap();
        assert_eq!(links::find(&mut other, "abc").await.unwrap(), None, "of another town");
    });
}
