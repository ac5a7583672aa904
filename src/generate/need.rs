//! What the orals of a group ask for, in days of people and rooms.

use std::collections::{BTreeMap, BTreeSet};

use crate::instance::raw::RawCandidate;
use crate::instance::time::lengthened;
use crate::instance::{ExamIx, FileState, Form, Minutes};
use crate::regulation::{FileRule, Regulation};

/// Minutes of sittings and turnarounds that a commission, or a room, really hears in a day: half-days of 270 and
/// 300 minutes less what sittings of an hour leave over, and at most 420 minutes of sittings.
const DAY: f64 = 400.0;

/// Days of one examiner, or of one room, each; fractions as they come.
#[derive(Clone, Debug, Default)]
pub(super) struct Need {
    /// Teachers of economics-management.
    pub(super) eg: f64,
    /// Teachers of industrial sciences.
    pub(super) sti: f64,
    /// Commissions with a seat for a professional.
    pub(super) professional: f64,
    /// Teachers of English for E22 and for EF2-abroad in English.
    pub(super) english: f64,
    /// Other languages.
    pub(super) languages: BTreeMap<String, f64>,
    /// All exam rooms.
    pub(super) rooms: f64,
    /// Those with a telephone.
    pub(super) phone: f64,
    /// Seats in preparation rooms.
    pub(super) seats: f64,
}

impl Need {
    /// The need of these candidates.
    pub(super) fn of<'a>(
        candidates: impl IntoIterator<Item = &'a RawCandidate>,
        regulation: &Regulation,
        step: Minutes,
    ) -> Need {
        let mut need = Need::default();
        for c in candidates {
            for o in c.orals.iter().filter(|o| o.form == Form::Final) {
                let exam = regulation.exam(&o.exam).expect("the shipped regulation has every exam generated");
                let kind = &regulation.exams[exam];
                let absent = o.file == FileState::Missing || o.file == FileState::Nonconform;
                if absent && kind.file != FileRule::None {
                    continue;
                }
                let extra = c.extra_per_hour;
                let minutes = lengthened(kind.duration, extra.exam as Minutes, step) + kind.turnaround;
                let days = f64::from(minutes) / DAY;
                let preparation = lengthened(kind.preparation, extra.preparation as Minutes, step);
                need.rooms += days;
                need.seats += f64::from(preparation) / DAY;
                if kind.equipment.iter().any(|e| e == "phone") {
                    need.phone += days;
                }
                need.people(exam, o.language.as_deref(), days, regulation);
            }
        }
        need
    }

    /// Adds a sitting to whoever fills the commission's seats; where two kinds of teacher would do, half to each.
    fn people(&mut self, exam: ExamIx, language: Option<&str>, days: f64, regulation: &Regulation) {
        let commission = &regulation.commissions[regulation.exams[exam].commission];
        for seat in &commission.seats {
            let all: BTreeSet<&str> = seat.any_of.iter().flatten().map(String::as_str).collect();
            match (all.contains("EG"), all.contains("STI")) {
                (true, true) => {
                    self.eg += days / 2.0;
                    self.sti += days / 2.0;
                }
                (true, false) => self.eg += days,
                (false, true) => self.sti += days,
                (false, false) if all.contains("PRO") => self.professional += days,
                (false, false) => match language {
                    Some(l) if l != "en" => *self.languages.entry(l.to_string()).or_default() += days,
                    _ => self.english += days,
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{Options, generate};
    use crate::regulation::SHIPPED;

    #[test]
    fn a_candidate_with_every_oral_needs_what_the_circular_says() {
        let raw = Regulation::shipped(SHIPPED[0].0).unwrap();
        let regulation = Regulation::resolve(&raw, "").unwrap();
        let instance = generate(&Options { candidates: 1, ..Options::default() }).unwrap();
        let mut one = instance.candidates[0].clone();
        for o in &mut one.orals {
            (o.form, o.file) = (Form::Final, FileState::Conform);
        }
        one.orals.truncate(4);
        one.extra_per_hour = Default::default();
        let need = Need::of(&[one], &regulation, 5);
        let minutes = [need.eg, need.sti, need.professional, need.english, need.rooms, need.phone, need.seats]
            .map(|days| (days * DAY).round());
        // E4 70, U61 40, U62 40, E22 25 with turnarounds; 60 + 20 of preparation.
        assert_eq!(minutes, [150.0, 150.0, 110.0, 25.0, 175.0, 25.0, 80.0]);
        assert!(need.languages.is_empty());
    }
}
