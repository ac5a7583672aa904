//! A contradiction in words: which orals, on which dates, short of whom or what, who is barred, how many must wait.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::scarcity;
use crate::explain::list;
use crate::instance::*;
use crate::lang::count;
use crate::lang::plural;
use crate::mip::demand::Resource;
use crate::regulation::{Seat, equipped};
use crate::tr;

/// Says why these orals cannot all be heard.
pub(super) fn conflict(
    instance: &Instance,
    members: &[OralIx],
    when: &When,
    missing: usize,
    resources: &BTreeSet<Resource>,
) -> String {
    let on = said_dates(instance, when);
    let what = orals(instance, members);
    let mut text = tr!(
        "{on}, {what} cannot all be heard: at least {missing} must go without.",
        "{on}, {what} ne peuvent pas tous être entendus : il en reste au moins {missing}."
    );
    let mut seats = BTreeSet::new();
    let mut rooms = BTreeSet::new();
    for resource in resources {
        match resource {
            Resource::Seat(k, s) => {
                seats.insert((*k, *s));
            }
            Resource::Rooms(z, equipment, accessible) => {
                rooms.insert((*z, equipment.clone(), *accessible));
            }
            Resource::Preparation(z) => {
                let seats: u32 =
                    instance.centres[*z].preparation_rooms.iter().map(|&p| instance.preparation_rooms[p].seats).sum();
                let centre = &instance.centres[*z].id;
                let s = plural(seats as usize);
                text +=
                    &tr!(" {centre} has {seats} preparation seat{s}.", " {centre} a {seats} place{s} de préparation.");
            }
            Resource::CandidateDay => {
                let limit = instance.policy.orals_a_day;
                text += &tr!(
                    " A candidate has {limit} orals a day at most (candidate-orals).",
                    " Un candidat a {limit} oraux par jour au plus (candidate-orals)."
                );
            }
            Resource::Examiner(_) => {}
        }
    }
    let several = seats.len() > 1;
    for (k, s) in seats {
        text += &seat(instance, members, k, s, when);
    }
    // Seats that the same people hold may each have enough of them.
    if let Some(need) = scarcity::short_of(instance, members).filter(|_| several) {
        let (name, (needed, available)) = (&need.name, need.hours());
        text += &tr!(
            " Together they take {needed} hours of {name} with their turnarounds; these have {available} on their best dates (examiner-minutes, examiner-days).",
            " Ensemble, ils prennent {needed} heures des {name}, battements compris ; ceux-ci en ont {available} sur leurs meilleures dates (examiner-minutes, examiner-days)."
        );
    }
    for (z, equipment, accessible) in rooms {
        text += &room(instance, members, z, &equipment, accessible, when);
    }
    text + &named(instance, members)
}

/// How many candidates are named.
const NAMED: usize = 12;

/// The candidates, where they are not named already: a dozen at most.
fn named(instance: &Instance, members: &[OralIx]) -> String {
    if by_exam(instance, members).values().all(|own| own.len() <= FEW) {
        return String::new();
    }
    let all: BTreeSet<CandidateIx> = members.iter().map(|&o| instance.orals[o].candidate).collect();
    let ids: Vec<&str> = all.iter().take(NAMED).map(|&c| instance.candidates[c].id.as_str()).collect();
    if all.len() <= NAMED {
        let ids = list(&ids);
        return tr!(" They are those of {ids}.", " Ce sont ceux de {ids}.");
    }
    let (ids, more) = (ids.join(", "), all.len() - ids.len());
    let more = count(more, &tr!("other", "autre"), &tr!("others", "autres"));
    tr!(" They are those of {ids} and {more}.", " Ce sont ceux de {ids} et {more}.")
}

/// Up to so many candidates of an exam are named in place of a number.
const FEW: usize = 3;

fn by_exam(instance: &Instance, members: &[OralIx]) -> BTreeMap<ExamIx, Vec<OralIx>> {
    let mut exams: BTreeMap<ExamIx, Vec<OralIx>> = BTreeMap::new();
    members.iter().for_each(|&o| exams.entry(instance.orals[o].exam).or_default().push(o));
    exams
}

/// Half-days by date and number.
type When = BTreeSet<(NaiveDate, usize)>;

fn said_dates(instance: &Instance, when: &When) -> String {
    let dates: BTreeSet<NaiveDate> = when.iter().map(|w| w.0).collect();
    let n = dates.len();
    let whole = when.len() == n * instance.half_days.len();
    if n == instance.dates.len() && n > 3 && whole {
        return tr!("On all {n} dates", "Sur les {n} dates");
    }
    let half = |w: &(NaiveDate, usize)| format!("{} {}", w.0, instance.half_days[w.1]);
    let named: Vec<String> = if whole || when.len() > HALVES {
        dates.iter().map(ToString::to_string).collect()
    } else {
        when.iter().map(half).collect()
    };
    let named = list(&named);
    tr!("On {named}", "Le {named}")
}

/// Up to so many half-days are named where they are not whole dates.
const HALVES: usize = 3;

/// `the 31 E4 of Caen and Rouen, and the 4 EF1`.
fn orals(instance: &Instance, members: &[OralIx]) -> String {
    let parts: Vec<String> = by_exam(instance, members)
        .into_iter()
        .map(|(e, own)| {
            let exam = &instance.regulation.exams[e].id;
            let n = own.len();
            if n <= FEW {
                let who = list(
                    &own.iter()
                        .map(|&o| instance.candidates[instance.orals[o].candidate].id.as_str())
                        .collect::<Vec<_>>(),
                );
                return tr!("the {exam} of {who}", "l'{exam} de {who}");
            }
            let schools: BTreeSet<String> = own
                .iter()
                .map(|&o| match instance.candidates[instance.orals[o].candidate].school {
                    Some(s) if instance.schools[s].town.is_empty() => instance.schools[s].name.clone(),
                    Some(s) => instance.schools[s].town.clone(),
                    None => tr!("candidates on their own", "candidats individuels"),
                })
                .collect();
            let of = if schools.len() > 5 {
                let k = schools.len();
                tr!("{k} schools", "{k} établissements")
            } else {
                list(&schools.into_iter().collect::<Vec<_>>())
            };
            tr!("{n} {exam} of {of}", "{n} {exam} de {of}")
        })
        .collect();
    list(&parts)
}

/// What the orals need of a seat's holders, in half-days, and who there is.
fn seat(instance: &Instance, members: &[OralIx], k: CommissionIx, s: usize, when: &When) -> String {
    let seat = &instance.regulation.commissions[k].seats[s];
    let own: Vec<OralIx> = members.iter().copied().filter(|&o| instance.exam_of(o).commission == k).collect();
    let Some(&first) = own.first() else { return String::new() };
    let language = instance.orals[first].language.as_deref();
    let needs = seat.needs().replace("{language}", language.unwrap_or("?"));
    let length = instance.half_days.iter().map(Interval::minutes).max().unwrap_or(1);
    let minutes = |o: OralIx| instance.orals[o].duration + instance.exam_of(o).turnaround;
    let needed = own
        .iter()
        .map(|&o| 1.0 / f64::from(((length + instance.exam_of(o).turnaround) / minutes(o).max(1)).max(1)))
        .sum::<f64>();
    let half_days_needed = (needed - 1e-6).ceil() as usize;
    let may_hear = |x: ExaminerIx| own.iter().any(|&o| !instance.partial(instance.orals[o].candidate, x));
    let (mut free, mut barred) = (0, 0);
    let (mut people, mut kept) = (BTreeSet::new(), BTreeSet::new());
    let mut limited = false;
    for (x, examiner) in instance.examiners.enumerate() {
        if !holds(examiner, seat, language) {
            continue;
        }
        let mut halves = 0;
        for &(date, half) in when {
            let half = instance.half_days[half];
            let there = |a: &&Span| a.date == date && a.time.from < half.to && half.from < a.time.to;
            let away = |e: &Event| e.date == date && e.time.contains(half) && e.concerns(x, examiner);
            halves += usize::from(examiner.available.iter().any(|a| there(&a)) && !instance.events.iter().any(away));
        }
        if let Some(days) = examiner.max_days {
            let most = days as usize * instance.half_days.len();
            limited |= halves > most;
            halves = halves.min(most);
        }
        if may_hear(x) {
            free += halves;
            people.extend((halves > 0).then(|| examiner.id.clone()));
        } else {
            barred += halves;
            kept.extend((halves > 0).then(|| examiner.id.clone()));
        }
    }
    let (seat_id, commission) = (&seat.id, &instance.regulation.commissions[k].id);
    let who = match people.len() {
        0 => String::new(),
        1..=4 => format!(" ({})", people.into_iter().collect::<Vec<_>>().join(", ")),
        n => tr!(" ({n} people)", " ({n} personnes)"),
    };
    let half_days = |n| count(n, &tr!("half-day", "demi-journée"), &tr!("half-days", "demi-journées"));
    let (needed, is_free) =
        (half_days(half_days_needed), count(free, &tr!("is free", "est libre"), &tr!("are free", "sont libres")));
    let mut text = tr!(
        " For the seat {seat_id} of {commission} ({needs}) they need at least {needed}; {is_free}{who}",
        " Pour le siège {seat_id} de {commission} ({needs}), il faut au moins {needed} ; {is_free}{who}"
    );
    if barred > 0 {
        let one = kept.len() == 1;
        let kept = list(&kept.into_iter().collect::<Vec<_>>());
        let more =
            count(barred, &tr!("more is barred", "autre est exclue"), &tr!("more are barred", "autres sont exclues"));
        text += &if one {
            tr!(
                ", {more}: {kept} teaches in these candidates' schools or is excluded (impartial)",
                ", {more} : {kept} enseigne dans les établissements de ces candidats ou est récusé (impartial)"
            )
        } else {
            tr!(
                ", {more}: {kept} teach in these candidates' schools or are excluded (impartial)",
                ", {more} : {kept} enseignent dans les établissements de ces candidats ou sont récusés (impartial)"
            )
        };
    }
    if limited {
        text += &tr!(
            ", after the days at most of each (examiner-days)",
            ", compte tenu des jours au plus de chacun (examiner-days)"
        );
    }
    text += &partly_barred(instance, &own, seat, language, when);
    // Where half-days do not tell, the minutes of hearing may.
    let heard: Minutes = own.iter().map(|&o| instance.orals[o].duration).sum();
    let able = instance.examiners.enumerate().filter(|(_, who)| holds(who, seat, language));
    let most: Minutes = able.filter(|(x, _)| may_hear(*x)).map(|(x, _)| hearing(instance, x, when)).sum();
    if half_days_needed <= free && heard > most {
        let a_day = instance.policy.examiner_minutes_a_day;
        text += &tr!(
            "; they take {heard} minutes of hearing, of the {most} that these people have ({a_day} a day at most: examiner-minutes)",
            " ; ils prennent {heard} minutes d'interrogation, sur les {most} de ces personnes ({a_day} par jour au plus : examiner-minutes)"
        );
    }
    text.push('.');
    text
}

fn holds(examiner: &Examiner, seat: &Seat, language: Option<&str>) -> bool {
    !examiner.reserve && seat.accepts(&examiner.qualifications, language)
}

/// Who of those that are free may hear some of the orals only.
fn partly_barred(instance: &Instance, own: &[OralIx], seat: &Seat, language: Option<&str>, when: &When) -> String {
    let barred = |x: ExaminerIx| own.iter().filter(|&&o| instance.partial(instance.orals[o].candidate, x)).count();
    let some: Vec<(&str, usize)> = instance
        .examiners
        .enumerate()
        .filter(|(x, who)| holds(who, seat, language) && hearing(instance, *x, when) > 0)
        .map(|(x, who)| (who.id.as_str(), barred(x)))
        .filter(|(_, n)| (1..own.len()).contains(n))
        .collect();
    if some.is_empty() {
        return String::new();
    }
    if some.len() > FEW {
        let n = some.len();
        return tr!(
            "; {n} of these people may not hear some of them (impartial)",
            " ; {n} de ces personnes ne peuvent pas entendre certains d'entre eux (impartial)"
        );
    }
    let said = |(x, n): &(&str, usize)| tr!("{x} may not hear {n} of them", "{x} ne peut pas en entendre {n}");
    let said = list(&some.iter().map(said).collect::<Vec<_>>());
    tr!("; {said} (impartial)", " ; {said} (impartial)")
}

/// Minutes that an examiner can hear on these dates at most.
fn hearing(instance: &Instance, x: ExaminerIx, when: &When) -> Minutes {
    let examiner = &instance.examiners[x];
    let mut days: BTreeMap<NaiveDate, Minutes> = BTreeMap::new();
    for &(date, half) in when {
        let half = instance.half_days[half];
        for free in examiner.available.iter().filter(|a| a.date == date) {
            *days.entry(date).or_default() += (half.to.min(free.time.to) - half.from.max(free.time.from)).max(0);
        }
    }
    let a_day = instance.policy.examiner_minutes_a_day as Minutes;
    let mut days: Vec<Minutes> = days.into_values().map(|minutes| minutes.min(a_day)).collect();
    days.sort_unstable_by(|a, b| b.cmp(a));
    days.into_iter().take(examiner.max_days.map_or(usize::MAX, |d| d as usize)).sum()
}

fn room(
    instance: &Instance,
    members: &[OralIx],
    z: CentreIx,
    equipment: &[String],
    accessible: bool,
    when: &When,
) -> String {
    let centre = &instance.centres[z];
    let rooms: Vec<&str> = centre
        .rooms
        .iter()
        .map(|&r| &instance.rooms[r])
        .filter(|r| (r.accessible || !accessible) && equipment.iter().all(|e| r.equipment.contains(e)))
        .map(|r| r.id.as_str())
        .collect();
    let kind = if accessible {
        count(
            rooms.len(),
            &tr!("accessible exam room", "salle d'interrogation accessible"),
            &tr!("accessible exam rooms", "salles d'interrogation accessibles"),
        )
    } else {
        count(rooms.len(), &tr!("exam room", "salle d'interrogation"), &tr!("exam rooms", "salles d'interrogation"))
    };
    let with = equipped(&equipment.iter().map(|e| e.as_ref()).collect::<Vec<&str>>());
    let with = if rooms.len() < 2 { with.replace("équipées", "équipée") } else { with };
    let kind = if equipment.is_empty() { kind } else { format!("{kind} {with}") };
    let there: Vec<(Interval, Interval)> =
        when.iter().filter_map(|(date, half)| Some((*centre.open.get(date)?, instance.half_days[*half]))).collect();
    let dates: BTreeSet<NaiveDate> = when.iter().map(|w| w.0).filter(|d| centre.open.contains_key(d)).collect();
    let (id, n, days) = (&centre.id, rooms.len(), dates.len());
    let named = if rooms.is_empty() || n > 6 { String::new() } else { format!(" ({})", rooms.join(", ")) };
    let wanted = |o: OralIx| {
        let oral = &instance.orals[o];
        (!accessible || instance.candidates[oral.candidate].needs_accessible)
            && equipment.iter().all(|e| instance.exam_of(o).equipment.contains(e))
            && instance.candidates[oral.candidate].centres.contains(&z)
    };
    let of = |o: OralIx| if instance.lead_of(o).is_some() { 0 } else { instance.exam_of(o).turnaround };
    let minutes: Minutes = members.iter().filter(|&&o| wanted(o)).map(|&o| instance.orals[o].duration + of(o)).sum();
    let open: Minutes = there.iter().map(|(open, h)| (h.to.min(open.to) - h.from.max(open.from)).max(0)).sum();
    let (needed, there) = ((minutes + 30) / 60, (open * n as Minutes + 30) / 60);
    let days = count(days, &tr!("date", "jour"), &tr!("dates", "jours"));
    tr!(
        " They take {needed} hours of rooms with their turnarounds; {id} has {kind}{named}, {there} hours on {days}.",
        " Ils prennent {needed} heures de salle, battements compris ; {id} a {kind}{named}, soit {there} heures sur {days}."
    )
}

/// What stands above the parts of a diagnosis.
pub mod heads {
    use crate::tr;

    /// Above the orals that no schedule hears, each for its own reason.
    pub fn hopeless() -> String {
        tr!("What cannot be heard, whatever is planned", "Ce qui ne peut être entendu, quoi qu'on planifie")
    }

    /// Above what has no effect or is most likely a mistake.
    pub fn remarks() -> String {
        tr!("Worth a look in the instance", "À vérifier dans l'instance")
    }

    /// Above the contradictions.
    pub fn conflicts() -> String {
        tr!(
            "What cannot be met together (without any one of these orals the rest can, for the relaxed model)",
            "Ce qui ne peut pas aller ensemble (sans l'un quelconque de ces oraux, le reste va, pour le modèle relâché)"
        )
    }

    /// Below a contradiction that may not be as small as can be.
    pub fn not_reduced() -> String {
        tr!(
            "(not tried to the end: a smaller set may do)",
            "(pas essayé jusqu'au bout : un ensemble plus petit peut suffire)"
        )
    }

    /// Above the remedies.
    pub fn remedies() -> String {
        tr!(
            "What would help (each planned anew for as long as without it)",
            "Ce qui aiderait (chaque fois replanifié, aussi longtemps que sans cela)"
        )
    }

    /// At the end, where the work was stopped.
    pub fn stopped() -> String {
        tr!(
            "Stopped: contradictions and remedies may be missing.",
            "Interrompu : des contradictions et des remèdes peuvent manquer."
        )
    }
}
