//! Which line a value comes from: the origins of values, by number.

use std::collections::HashMap;

use cel::Origin;

use crate::source::Place;

/// All origins that were given out.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    places: Vec<Place>,
    numbers: HashMap<Place, u32>,
}

impl Ledger {
    /// The origin for what stands at a place.
    pub fn origin(&mut self, place: &Place) -> Origin {
        if let Some(number) = self.numbers.get(place) {
            return Origin(*number);
        }
        let number = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.places.push(place.clone());
        self.numbers.insert(place.clone(), number);
        Origin(number)
    }

    /// The place of an origin.
    pub fn place(&self, origin: Origin) -> Option<&Place> {
        self.places.get(origin.0 as usize)
    }
}
