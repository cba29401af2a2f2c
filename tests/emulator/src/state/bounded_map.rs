//! A map that drops its oldest entries, so that memory stays bounded in a long demo.

use std::collections::{HashMap, VecDeque};

/// More entries than any test creates.
const MAX_MAP_ENTRIES: usize = 20_000;

/// A map from text to `V` that holds at most [`MAX_MAP_ENTRIES`] entries.
#[derive(Debug)]
pub(crate) struct BoundedMap<V> {
    map: HashMap<String, V>,
    order: VecDeque<String>,
}

impl<V> Default for BoundedMap<V> {
    fn default() -> Self {
        Self {
            map: HashMap::new(),
            order: VecDeque::new(),
        }
    }
}

impl<V> BoundedMap<V> {
    pub(crate) fn insert(&mut self, key: String, value: V) {
        if self.map.insert(key.clone(), value).is_none() {
            self.order.push_back(key);
        }
        // Removed keys stay in the queue, so its length is bounded as well.
        while self.map.len() > MAX_MAP_ENTRIES || self.order.len() > 2 * MAX_MAP_ENTRIES {
            let Some(oldest) = self.order.pop_front() else {
                break;
            };
            self.map.remove(&oldest);
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&V> {
        self.map.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.map.get_mut(key)
    }

    pub(crate) fn remove(&mut self, key: &str) -> Option<V> {
        self.map.remove(key)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &V> {
        self.map.values()
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.map.values_mut()
    }

    pub(crate) fn clear(&mut self) {
        self.map.clear();
        self.order.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_entries_are_dropped() {
        let mut map = BoundedMap::default();
        for number in 0..MAX_MAP_ENTRIES + 5 {
            map.insert(number.to_string(), number);
        }
        assert!(map.get("4").is_none());
        assert_eq!(map.get("5"), Some(&5));
        assert_eq!(map.values().count(), MAX_MAP_ENTRIES);
    }

    #[test]
    fn the_queue_stays_bounded_when_keys_are_removed() {
        let mut map = BoundedMap::default();
        for number in 0..5 * MAX_MAP_ENTRIES {
            map.insert(number.to_string(), ());
            map.remove(&number.to_string());
        }
        assert!(map.order.len() <= 2 * MAX_MAP_ENTRIES);
    }
}
