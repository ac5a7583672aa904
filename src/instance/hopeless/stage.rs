//! What is asked of a place, one thing after the other, and what is said where it fails.

use crate::tr;

/// What is asked of a place, in the order in which it is tried.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    Date,
    HalfDay,
    /// Only where its commission sits in given sessions.
    Given,
    Open,
    Paper,
    Candidate,
    Room,
    Preparation,
    Examiners,
    Events,
}

impl Stage {
    pub(super) const ALL: [Stage; 10] = [
        Stage::Date,
        Stage::HalfDay,
        Stage::Given,
        Stage::Open,
        Stage::Paper,
        Stage::Candidate,
        Stage::Room,
        Stage::Preparation,
        Stage::Examiners,
        Stage::Events,
    ];

    pub(super) fn rule(self) -> &'static str {
        match self {
            Stage::Date => "grid",
            Stage::HalfDay => "half-day",
            Stage::Given => "given-session",
            Stage::Open => "centre-open",
            Stage::Paper => "paper-clash",
            Stage::Candidate => "candidate-available",
            Stage::Room => "room-fit",
            Stage::Preparation => "preparation-seats",
            Stage::Examiners => "examiner-available",
            Stage::Events => "examiner-event",
        }
    }

    pub(super) fn message(self) -> String {
        match self {
            Stage::Date => tr!("the calendar has no date for it", "le calendrier n'a aucune date pour lui"),
            Stage::HalfDay => {
                tr!("it fits into no half-day of its dates", "il ne tient dans aucune demi-journée de ses dates")
            }
            Stage::Given => tr!(
                "its commission sits in given sessions only, and none of them is on its dates in an allowed centre",
                "sa commission ne siège que dans des vacations composées d'avance, et aucune n'est à ses dates dans un centre permis"
            ),
            Stage::Open => tr!(
                "with its preparation it fits into no opening of an allowed centre",
                "avec sa préparation, il ne tient dans aucune ouverture d'un centre permis"
            ),
            Stage::Paper => tr!(
                "the candidate's written papers leave no time for it",
                "les écrits du candidat ne lui laissent aucun créneau"
            ),
            Stage::Candidate => tr!(
                "the candidate can come at none of its possible times",
                "le candidat ne peut venir à aucun de ses créneaux possibles"
            ),
            Stage::Room => tr!(
                "no room that fits is free at any of its possible times",
                "aucune salle convenable n'est libre à ses créneaux possibles"
            ),
            Stage::Preparation => tr!(
                "no preparation room that fits is free at any of its possible times",
                "aucune salle de préparation convenable n'est libre à ses créneaux possibles"
            ),
            Stage::Examiners => tr!(
                "at none of its possible times is a whole commission available",
                "à aucun de ses créneaux possibles une commission complète n'est disponible"
            ),
            Stage::Events => tr!(
                "whenever a commission would be available, a meeting takes a member",
                "dès qu'une commission serait disponible, une réunion en prend un membre"
            ),
        }
    }
}
