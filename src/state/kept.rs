//! What is kept of hours as sessions change: spans, the starts that they leave, when preparation rooms are full.

use std::sync::OnceLock;

use super::*;
use crate::starts::Starts;

/// The starts that a session leaves to jobs of a length and turnaround, for a few of them.
pub(super) type Kept = [OnceLock<((Minutes, Minutes), Starts)>; 3];

/// Says that they are no longer true.
pub(super) fn forget(kept: &mut Kept) {
    if kept[0].get().is_some() {
        *kept = Kept::default();
    }
}

impl State<'_> {
    /// Recomputes a session's span from its jobs, and forgets what it, and whatever shares its room or people, leaves to others.
    pub(super) fn respan(&mut self, slot: Slot) {
        let session = &mut self.sessions[slot as usize];
        let (span, turnaround) = match (session.sittings_heard.first(), session.sittings_heard.last()) {
            (Some(first), Some(last)) => (Interval::new(first.span.from, last.span.to), last.turnaround),
            _ => (Interval::new(0, 0), 0),
        };
        (session.span, session.turnaround) = (span, turnaround);
        self.spells[slot as usize] = Spell { span, turnaround };
        let (session, kept) = (&self.sessions[slot as usize], &mut self.kept);
        forget(&mut kept[slot as usize]);
        let room = &self.by_room[self.model.rd(session.room.ix(), session.date)];
        room.iter().for_each(|&s| forget(&mut kept[s as usize]));
        for &x in session.members.iter().filter(|&&x| x != NONE) {
            let own = &self.by_examiner[self.model.xd(ExaminerIx(x), session.date)];
            own.iter().for_each(|&s| forget(&mut kept[s as usize]));
        }
    }

    /// Somebody takes their seats in a preparation room for some time, or gives them back.
    pub(super) fn prepare(
        &mut self,
        room: PrepIx,
        d: DateIx,
        c: CandidateIx,
        span: &Interval,
        start: Minutes,
        add: bool,
    ) {
        let taken = self.seats_taken(room, c) as u16;
        let row = self.model.rd(room.ix(), d) * self.model.slots;
        let step = self.model.instance.step;
        let (from, to) = ((start + span.from) / step, (start + span.to) / step);
        let (seats, words) = (self.model.instance.preparation_rooms[room].seats, self.model.slots.div_ceil(64));
        let bits = self.model.rd(room.ix(), d) * words;
        for at in from as usize..to as usize {
            let count = &mut self.preparing[row + at];
            *count = if add { *count + taken } else { *count - taken };
            let (word, bit) = (bits + at / 64, 1 << (at % 64));
            for (set, row) in [(u32::from(*count) >= seats, &mut self.full), (*count > 0, &mut self.prepared_in)] {
                if set { row[word] |= bit } else { row[word] &= !bit }
            }
        }
    }
}
