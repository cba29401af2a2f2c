//! Putting things in order, with one sort for all of them.
//!
//! The library's sort is compiled anew for every type that it sorts, which is five kilobytes
//! of the program each time. This one sorts places, whatever stands there.

use std::cmp::Ordering;

/// Puts items in order; those that compare equal stay in theirs.
pub fn sort<T>(items: &mut Vec<T>, compare: impl Fn(&T, &T) -> Ordering) {
    let by_place = |a: &usize, b: &usize| match (items.get(*a), items.get(*b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    };
    let places = places(items.len(), &by_place);
    let mut taken: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    let in_order = places
        .into_iter()
        .filter_map(|at| taken.get_mut(at)?.take());
    items.extend(in_order);
}

fn places(count: usize, compare: &dyn Fn(&usize, &usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..count).collect();
    places.sort_by(compare);
    places
}

#[cfg(test)]
mod tests {
    use super::sort;

    #[test]
    fn it_is_stable_and_loses_nothing() {
        let mut items: Vec<(u8, usize)> = (0..200).map(|at| ((at * 7 % 5) as u8, at)).collect();
        let mut expected = items.clone();
        expected.sort_by_key(|item| item.0);
        sort(&mut items, |a, b| a.0.cmp(&b.0));
        assert_eq!(items, expected);
        let mut none: Vec<String> = Vec::new();
        sort(&mut none, Ord::cmp);
        assert!(none.is_empty());
    }
}
