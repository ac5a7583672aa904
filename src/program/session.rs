//! What makes a session: sittings one after the other in one room and half-day, before the same people.

use super::{Program, Sum, joined, times};

impl Program<'_> {
    /// Says which oral may be heard right after which, and what being in one session means.
    pub(super) fn sessions(&mut self) {
        for a in 0..self.tasks.len() {
            for b in 0..self.tasks.len() {
                if a != b && self.may_be_next(a, b) {
                    let name = format!("next({}.{})", self.name(a), self.name(b));
                    let var = self.choice(name, 0.0);
                    self.next.insert((a, b), var);
                }
            }
        }
        for t in 0..self.tasks.len() {
            for ends in [|pair: &(usize, usize)| pair.0, |pair: &(usize, usize)| pair.1] {
                let own = self.next.iter().filter(|(pair, _)| ends(pair) == t);
                let row: Sum = own.map(|(_, &v)| (v, 1.0)).collect();
                if !row.is_empty() {
                    self.at_most(joined(row, times(self.heard(t), -1.0)), 0.0);
                }
            }
        }
        for ((a, b), var) in self.next.clone() {
            self.same_room(a, b, var);
            self.same_people(a, b, var);
        }
    }

    fn may_be_next(&self, a: usize, b: usize) -> bool {
        let (one, other) = (&self.tasks[a], &self.tasks[b]);
        one.commission == other.commission
            && one.language == other.language
            && one.lead != Some(b)
            && one.places.iter().any(|p| other.places.iter().any(|q| (p.spot, p.room) == (q.spot, q.room)))
    }

    fn same_room(&mut self, a: usize, b: usize, next: usize) {
        let mut rooms: Vec<_> = self.tasks[a].places.iter().map(|p| (p.spot, p.room)).collect();
        rooms.dedup();
        for room in rooms {
            let here = |t: usize| self.placed(t, |p| (p.spot, p.room) == room);
            let row = joined(here(a), times(here(b), -1.0));
            self.at_most(joined(row, vec![(next, 1.0)]), 1.0);
        }
    }

    fn same_people(&mut self, a: usize, b: usize, next: usize) {
        for seat in 0..self.tasks[a].chairs.len() {
            for (chair, held) in self.tasks[a].chairs[seat].clone() {
                let same = self.tasks[b].chairs[seat].iter().find(|(c, _)| *c == chair);
                let row = [(held, 1.0), (next, 1.0)].into_iter().chain(same.map(|&(_, v)| (v, -1.0))).collect();
                self.at_most(row, 1.0);
            }
            for ((own, spot), empty) in self.tasks[a].empty.clone() {
                if own == seat {
                    let same = self.tasks[b].empty.get(&(seat, spot)).map(|&v| (v, -1.0));
                    self.at_most([(empty, 1.0), (next, 1.0)].into_iter().chain(same).collect(), 1.0);
                }
            }
        }
    }

    /// Whether the oral opens a session: nothing is heard right before it.
    pub fn opens(&self, task: usize) -> Sum {
        let earlier = self.next.iter().filter(|((_, b), _)| *b == task).map(|(_, &v)| (v, -1.0));
        joined(self.heard(task), earlier.collect())
    }
}
