//! How far a post goes.

use engine::base::date::parse_day;
use engine::base::{Money, Name};
use server::powers::within;
use server::store::appointments::Appointment;

fn post(most: Option<i64>) -> Appointment {
    Appointment {
        person: "e".into(),
        service: "permit".into(),
        role: Name::new("officer"),
        place: String::new(),
        from: parse_day("2026-01-01").unwrap(),
        until: None,
        departments: Vec::new(),
        most: most.and_then(Money::from_paise),
        held_for: None,
    }
}

#[test]
fn the_widest_post_counts() {
    let money = |paise| Money::from_paise(paise).unwrap();
    let judged = |posts: &[Option<i64>], paise| {
        let posts: Vec<Appointment> = posts.iter().map(|most| post(*most)).collect();
        within(posts.iter(), money(paise))
    };
    assert_eq!(judged(&[Some(100), Some(500)], 500), Ok(()));
    assert_eq!(judged(&[Some(100), Some(500)], 501), Err(money(500)));
    assert_eq!(judged(&[Some(100), None], 9_999), Ok(()), "a post without a limit");
    assert_eq!(judged(&[], 9_999), Ok(()));
}
