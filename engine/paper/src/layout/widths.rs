//! How wide the columns of a table stand.

use super::columns::Extent;

/// How little a column that cannot break takes of the room that is left over.
const STIFF: f32 = 0.3;

/// How wide each column stands. All of them together fill the room.
///
/// Where everything fits, columns get the width of their longest line, and what is left over is
/// shared in proportion, columns that cannot break (figures, codes) taking a small part (facts
/// with labels give it all to the last column). Where not, columns
/// get their longest word and share what is left by how much more they could use. Where even the
/// words do not fit, the widest columns give way first.
pub(super) fn widths(columns: &[Extent], room: f32, plain: bool) -> Vec<f32> {
    let narrow: f32 = columns.iter().map(|column| column.narrow).sum();
    let wide: f32 = columns.iter().map(|column| column.wide).sum();
    if wide <= room {
        let spare = room - wide;
        let last = columns.len() - 1;
        let stiff = |c: &Extent| if c.wide - c.narrow < 0.5 { STIFF } else { 1.0 };
        let weights: f32 = columns.iter().map(|c| c.wide * stiff(c)).sum();
        return columns
            .iter()
            .enumerate()
            .map(|(at, column)| {
                let part = match (plain, weights > 0.0) {
                    (true, _) => f32::from(u8::from(at == last)),
                    (false, true) => column.wide * stiff(column) / weights,
                    (false, false) => 1.0 / columns.len() as f32,
                };
                column.wide + spare * part
            })
            .collect();
    }
    if narrow <= room {
        let share = (room - narrow) / (wide - narrow);
        return columns.iter().map(|c| c.narrow + (c.wide - c.narrow) * share).collect();
    }
    let mut sorted: Vec<f32> = columns.iter().map(|column| column.narrow).collect();
    sorted.sort_by(f32::total_cmp);
    let mut left = room;
    let mut cap = 0.0;
    for (at, width) in sorted.iter().enumerate() {
        cap = left / (sorted.len() - at) as f32;
        if *width > cap {
            break;
        }
        left -= width;
    }
    columns.iter().map(|column| column.narrow.min(cap)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extents(pairs: &[(f32, f32)]) -> Vec<Extent> {
        pairs.iter().map(|(narrow, wide)| Extent { narrow: *narrow, wide: *wide }).collect()
    }

    #[test]
    fn columns_fill_the_room() {
        let cases = [
            vec![(10.0, 20.0), (10.0, 60.0)],
            vec![(40.0, 400.0), (10.0, 60.0)],
            vec![(200.0, 400.0), (10.0, 60.0), (90.0, 90.0)],
            vec![(0.0, 0.0), (0.0, 0.0)],
        ];
        for case in cases {
            let total: f32 = widths(&extents(&case), 100.0, false).iter().sum();
            assert!((total - 100.0).abs() < 0.01, "{case:?} gives {total}");
        }
    }

    #[test]
    fn what_is_left_over_is_shared_in_proportion_or_goes_to_the_last() {
        let columns = extents(&[(10.0, 20.0), (10.0, 60.0)]);
        assert_eq!(widths(&columns, 160.0, false), [40.0, 120.0]);
        assert_eq!(widths(&columns, 160.0, true), [20.0, 140.0]);
    }

    #[test]
    fn the_widest_words_give_way_first() {
        let columns = extents(&[(20.0, 20.0), (300.0, 300.0), (90.0, 90.0)]);
        assert_eq!(widths(&columns, 100.0, false), [20.0, 40.0, 40.0]);
    }

    #[test]
    fn long_texts_share_by_what_they_could_use() {
        let columns = extents(&[(10.0, 10.0), (20.0, 220.0), (20.0, 120.0)]);
        assert_eq!(widths(&columns, 200.0, false), [10.0, 120.0, 70.0]);
    }
}
