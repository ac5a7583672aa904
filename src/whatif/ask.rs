//! A why-not question as somebody types it: `C0012 E4 2024-06-04 09:00 B101`, or `X014 2024-06-04`.

use chrono::NaiveDate;

use crate::fault::Fault;
use crate::instance::*;
use crate::tr;

/// What somebody asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// An oral at a place of which any part may be left open.
    Oral {
        /// Which oral.
        oral: OralIx,
        /// The date.
        date: Option<NaiveDate>,
        /// The start.
        start: Option<Minutes>,
        /// The centre.
        centre: Option<CentreIx>,
        /// The exam room's id.
        room: Option<String>,
    },
    /// An examiner on a date.
    Examiner {
        /// Who.
        examiner: ExaminerIx,
        /// When.
        date: NaiveDate,
        /// Where, if it matters.
        centre: Option<CentreIx>,
    },
}

impl Asked {
    /// Reads a question; every fault at once.
    pub fn parse(text: &str, instance: &Instance) -> Result<Asked, Vec<Fault>> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let Some((&first, rest)) = words.split_first() else { return Err(vec![form()]) };
        let (date, rest) = taken(rest, |w| w.parse::<NaiveDate>().ok());
        let (start, rest) = taken(&rest, |w| Clock::parse(w).map(|c| c.0));
        let (centre, rest) = taken(&rest, |w| instance.centre(w));
        match (instance.candidate(first), instance.examiner(first)) {
            (Some(c), _) => oral(instance, c, &rest, date, start, centre),
            (None, Some(examiner)) => match (date, start, rest.first()) {
                (Some(date), None, None) => Ok(Asked::Examiner { examiner, date, centre }),
                _ => Err(vec![form()]),
            },
            (None, None) => {
                let known = instance.candidates.iter().map(|c| &c.id).chain(instance.examiners.iter().map(|x| &x.id));
                Err(vec![Fault::unknown(
                    "--why-not",
                    &tr!("candidate or examiner", "candidat ou interrogateur"),
                    first,
                    known,
                )])
            }
        }
    }

    /// The question in words.
    pub fn text(&self, instance: &Instance) -> String {
        let of = |z: &Option<CentreIx>| z.map(|z| instance.centres[z].id.clone());
        let (head, parts) = match self {
            Asked::Oral { oral, date, start, centre, room } => (
                instance.oral_name(*oral),
                [date.map(|d| d.to_string()), start.map(|s| Clock(s).to_string()), room.clone(), of(centre)],
            ),
            Asked::Examiner { examiner, date, centre } => {
                (instance.examiners[*examiner].id.clone(), [Some(date.to_string()), None, None, of(centre)])
            }
        };
        [head].into_iter().chain(parts.into_iter().flatten()).collect::<Vec<_>>().join(" ")
    }
}

fn oral(
    instance: &Instance,
    c: CandidateIx,
    rest: &[&str],
    date: Option<NaiveDate>,
    start: Option<Minutes>,
    centre: Option<CentreIx>,
) -> Result<Asked, Vec<Fault>> {
    let Some((&exam, rest)) = rest.split_first() else { return Err(vec![form()]) };
    let own: Vec<&str> = instance.candidates[c].orals.iter().map(|&o| instance.exam_of(o).id.as_str()).collect();
    let mut faults = Vec::new();
    let oral = instance.regulation.exam(exam).and_then(|e| instance.oral(c, e));
    if oral.is_none() {
        faults.push(Fault::unknown("--why-not", "exam", exam, own));
    }
    let room = rest.first().map(|r| r.to_string());
    let mut rooms = instance.rooms.iter().filter(|r| centre.is_none_or(|z| r.centre == z));
    if let Some(room) = &room
        && !rooms.any(|r| r.id == *room)
    {
        let known = instance.rooms.iter().map(|r| &r.id).chain(instance.centres.iter().map(|z| &z.id));
        faults.push(Fault::unknown("--why-not", "room", room, known));
    }
    if rest.len() > 1 {
        faults.push(form());
    }
    match oral {
        Some(oral) if faults.is_empty() => Ok(Asked::Oral { oral, date, start, centre, room }),
        _ => Err(faults),
    }
}

/// Takes the first word that `read` understands out of the list.
fn taken<'a, T>(words: &[&'a str], read: impl Fn(&str) -> Option<T>) -> (Option<T>, Vec<&'a str>) {
    let mut found = None;
    let mut rest = Vec::new();
    for &word in words {
        match read(word).filter(|_| found.is_none()) {
            Some(value) => found = Some(value),
            None => rest.push(word),
        }
    }
    (found, rest)
}

fn form() -> Fault {
    Fault::new(
        "--why-not",
        tr!(
            "ask for an oral: \"C0012 E4 2024-06-04 09:00 B101\" (date, hour, room and centre may be left out), or for an examiner on a date: \"X014 2024-06-04\"",
            "demandez un oral : « C0012 E4 2024-06-04 09:00 B101 » (date, heure, salle et centre facultatifs), ou un interrogateur à une date : « X014 2024-06-04 »"
        ),
    )
}
