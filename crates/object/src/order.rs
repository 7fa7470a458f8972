//! Things with edges between them, in an order that keeps every edge.

use std::collections::BTreeSet;

/// One thing comes before another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The one that comes first.
    pub first: usize,
    /// The one that comes later.
    pub then: usize,
    /// What must be true of the first.
    pub strength: Strength,
}

/// What must be true of the first of two things before the other one comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// It is made.
    Made,
    /// It is ready: the other one is in a later wave.
    Ready,
}

/// An order of things.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// What comes at a time; what a wave has made is ready before the next one.
    pub waves: Vec<Vec<usize>>,
}

/// Things that each come before the next, and the last before the first.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these wait for one another in a circle")]
pub struct Cycle(pub Vec<usize>);

/// Orders `count` things: each in the earliest wave that its edges allow; within a wave edges first,
/// then by rank, then by number.
pub fn order(count: usize, edges: &[Edge], rank: impl Fn(usize) -> usize) -> Result<Order, Cycle> {
    let mut after: Vec<Vec<Edge>> = vec![Vec::new(); count];
    let mut missing = vec![0usize; count];
    for edge in edges {
        if let Some(list) = after.get_mut(edge.first) {
            list.push(*edge);
            missing[edge.then] += 1;
        }
    }
    // Waves first: the longest way of edges that wait. Then each wave by itself, by rank.
    let mut wave = vec![0usize; count];
    let mut left = missing.clone();
    let mut open: Vec<usize> = (0..count).filter(|one| left[*one] == 0).collect();
    let mut done = 0;
    while let Some(one) = open.pop() {
        done += 1;
        for edge in &after[one] {
            let least = wave[one] + usize::from(edge.strength == Strength::Ready);
            wave[edge.then] = wave[edge.then].max(least);
            left[edge.then] -= 1;
            if left[edge.then] == 0 {
                open.push(edge.then);
            }
        }
    }
    if done < count {
        return Err(Cycle(cycle(&after, &left)));
    }
    let mut found = Order { waves: vec![Vec::new(); wave.iter().max().map_or(0, |most| most + 1)] };
    let mut ready: BTreeSet<(usize, usize, usize)> = (0..count)
        .filter(|one| missing[*one] == 0)
        .map(|one| (wave[one], rank(one), one))
        .collect();
    while let Some((at, _, one)) = ready.pop_first() {
        found.waves[at].push(one);
        for edge in &after[one] {
            missing[edge.then] -= 1;
            if missing[edge.then] == 0 {
                ready.insert((wave[edge.then], rank(edge.then), edge.then));
            }
        }
    }
    Ok(found)
}

/// A circle among what is left: whoever still waits is waited for by somebody who does.
fn cycle(after: &[Vec<Edge>], left: &[usize]) -> Vec<usize> {
    let waits = |one: usize| left[one] > 0;
    let before = |one: usize| {
        (0..after.len())
            .find(|other| waits(*other) && after[*other].iter().any(|edge| edge.then == one))
    };
    let Some(mut at) = (0..left.len()).find(|one| waits(*one)) else { return Vec::new() };
    let mut seen = Vec::new();
    while !seen.contains(&at) {
        seen.push(at);
        match before(at) {
            Some(earlier) => at = earlier,
            None => return seen,
        }
    }
    let start = seen.iter().position(|one| *one == at).unwrap_or(0);
    let mut circle = seen.split_off(start);
    circle.reverse();
    circle
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(first: usize, then: usize, strength: Strength) -> Edge {
        Edge { first, then, strength }
    }

    #[test]
    fn what_waits_is_in_a_later_wave() {
        let edges = [
            edge(0, 1, Strength::Ready),
            edge(1, 2, Strength::Made),
            edge(3, 1, Strength::Made),
            edge(2, 4, Strength::Ready),
        ];
        let found = order(6, &edges, |_| 0).unwrap();
        assert_eq!(found.waves, [vec![0, 3, 5], vec![1, 2], vec![4]]);
    }

    #[test]
    fn rank_decides_where_edges_do_not() {
        let found = order(4, &[edge(0, 3, Strength::Made)], |one| 4 - one).unwrap();
        assert_eq!(found.waves, [vec![2, 1, 0, 3]]);
    }

    #[test]
    fn a_circle_is_told_in_order() {
        let edges = [
            edge(0, 1, Strength::Made),
            edge(1, 2, Strength::Ready),
            edge(2, 3, Strength::Made),
            edge(3, 1, Strength::Made),
        ];
        let error = order(4, &edges, |_| 0).unwrap_err();
        assert_eq!(error.to_string(), "these wait for one another in a circle");
        let Cycle(circle) = error;
        assert_eq!(circle.len(), 3);
        let at = circle.iter().position(|one| *one == 1).unwrap();
        assert_eq!([circle[at], circle[(at + 1) % 3], circle[(at + 2) % 3]], [1, 2, 3]);
    }
}
