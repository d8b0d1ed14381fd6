//! Chance.

use server::chance::Chance;

#[test]
fn a_seed_gives_the_same_again_and_never_the_same_twice() {
    let (one, two) = (Chance::seeded(7), Chance::seeded(7));
    assert_eq!(one.id(), two.id());
    assert_ne!(one.id(), one.id());
    assert_ne!(Chance::seeded(8).id(), Chance::seeded(7).id());
}

#[test]
fn aud_05_keys_of_later_moments_sort_behind() {
    let chance = Chance::seeded(7);
    let keys: Vec<String> = [0, 1, 31, 32, 1_799, 1_774_000_000_000, 1_774_000_000_001, 9_999_999_999_999]
        .map(|now_ms| chance.ordered_id(now_ms))
        .into();
    assert!(keys.is_sorted(), "{keys:?}");
    assert_ne!(chance.ordered_id(5), chance.ordered_id(5));
}

#[test]
fn auth_05_digits_are_uniform() {
    // 99.9 % of fair sequences stay below 27.88 (chi-square, nine degrees of freedom): of each of the six digits, and
    // of a million of them together.
    let chance = Chance::seeded(1);
    let mut seen = [[0_i64; 10]; 6];
    for _ in 0..170_000 {
        let mut code = chance.below(1_000_000);
        for place in &mut seen {
            place[(code % 10) as usize] += 1;
            code /= 10;
        }
    }
    let fair = |counts: &[i64], each: i64| {
        let scaled: i64 = counts.iter().map(|count| (count - each) * (count - each)).sum();
        assert!(scaled * 100 < 2_788 * each, "{counts:?}");
    };
    for place in &seen {
        fair(place, 17_000);
    }
    let together: Vec<i64> = (0..10).map(|digit| seen.iter().map(|place| place[digit]).sum()).collect();
    fair(&together, 102_000);
}
