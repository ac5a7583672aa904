//! What changes for examiners as they hear more or less: what all their dates come to, and whether they keep within the limits.

use super::*;

impl State<'_> {
    /// Changes what all dates of an examiner come to, and counts whether they keep within the limits.
    pub(super) fn change_dates(&mut self, x: ExaminerIx, change: impl FnOnce(&mut Self)) {
        let instance = self.model.instance;
        let was = self.dates_of(x).allowed(instance);
        change(self);
        let is = self.dates_of(x).allowed(instance);
        self.exceeded += i64::from(was) - i64::from(is);
    }

    /// More sittings, or fewer, for an examiner.
    pub(super) fn change_sittings(&mut self, x: ExaminerIx, by: i64) {
        let instance = self.model.instance;
        self.cost -= self.dates_of(x).cost(instance);
        self.change_dates(x, |state| state.examiner_sittings[x.ix()] += by);
        self.cost += self.dates_of(x).cost(instance);
    }

    /// The members of a session hear a job, or no longer do.
    pub(super) fn hear(&mut self, job: JobId, slot: Slot, add: bool) {
        let (placement, date) = (self.placed[job as usize].clone(), self.sessions[slot as usize].date);
        let sign = if add { 1 } else { -1 };
        let sittings = i64::from(placement.parts);
        for i in 0..self.sessions[slot as usize].members.len() {
            let x = self.sessions[slot as usize].members[i];
            if x != NONE {
                self.change_sittings(ExaminerIx(x), sign * sittings);
                self.cost += sign * self.hearing(ExaminerIx(x), date, job, placement.parts, placement.start);
            }
        }
    }

    pub(super) fn strangers_in(&self, slot: Slot) -> i64 {
        self.sessions[slot as usize].jobs.iter().map(|&j| self.strangers_to(j, slot)).sum()
    }

    /// Members of the session who did not hear the job in the published schedule.
    pub(super) fn strangers_to(&self, job: JobId, slot: Slot) -> i64 {
        let Some(published) = self.model.baseline.as_ref().and_then(|b| b.crews.get(&job)) else { return 0 };
        let members = self.sessions[slot as usize].members.iter();
        members.filter(|x| **x != NONE && !published.contains(x)).count() as i64
    }
}
