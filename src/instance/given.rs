//! Commissions that the office has composed already, from what a file says.

use super::inert::Remarks;
use super::raw::RawGivenSession;
use super::validate::{ByName, Resolver};
use super::*;
use crate::tr;

impl Resolver {
    pub(super) fn given_sessions(&mut self, raw: &[RawGivenSession], instance: &mut Instance) {
        let _: ByName<GivenIx> = self.names("given_sessions", raw.iter().map(|g| &g.id));
        let commissions: ByName<CommissionIx> =
            instance.regulation.commissions.enumerate().map(|(i, c)| (c.id.clone(), i)).collect();
        for (i, g) in raw.iter().enumerate() {
            let path = format!("given_sessions[{i}]");
            // Of a regulation that could not be read, nobody knows the commissions.
            let known = !commissions.contains_key("");
            let commission = known
                .then(|| self.known(format!("{path}.commission"), "commission", &g.commission, &commissions))
                .flatten();
            let centre = self.known(format!("{path}.centre"), "centre", &g.centre, &instance.lookup.centres);
            let room = match (&g.room, centre) {
                (Some(id), Some(z)) => {
                    let room = instance.room(z, id);
                    if room.is_none() {
                        let own = instance.centres[z].rooms.iter().map(|&r| &instance.rooms[r].id);
                        self.faults.push(Fault::unknown(format!("{path}.room"), "room", id, own));
                    }
                    room
                }
                _ => None,
            };
            let half = match instance.policy.half_days.get((g.half_day as usize).wrapping_sub(1)) {
                Some(&(from, to)) => {
                    instance.half_days.iter().position(|h| *h == Interval::new(from.0, to.0)).unwrap_or(0)
                }
                None => {
                    let (number, all) = (g.half_day, instance.policy.half_days.len());
                    self.say(
                        format!("{path}.half_day"),
                        tr!(
                            "there is no half-day {number}; the policy has {all}, counted from 1",
                            "il n'y a pas de demi-journée {number} ; la politique en compte {all}, numérotées à partir de 1"
                        ),
                    );
                    0
                }
            };
            let mut members = Vec::new();
            if let Some(k) = commission {
                let seats = instance.regulation.commissions[k].seats.iter().map(|s| s.id.clone()).collect::<Vec<_>>();
                members = vec![None; seats.len()];
                for (seat, who) in &g.members {
                    let at = format!("{path}.members.{seat}");
                    let Some(s) = seats.iter().position(|id| id == seat) else {
                        self.faults.push(Fault::unknown(at, "seat", seat, &seats));
                        continue;
                    };
                    if let Some(who) = who {
                        members[s] = self.known(at, "examiner", who, &instance.lookup.examiners);
                    }
                }
                let (id, needs) = (&g.commission, instance.regulation.commissions[k].has_language);
                if needs && g.language.is_none() {
                    let message = tr!(
                        "{id} needs a \"language\" (es, de, it ...)",
                        "{id} demande une langue (« language » : es, de, it…)"
                    );
                    self.say(&path, message);
                } else if !needs && g.language.is_some() {
                    let message = tr!(
                        "{id} has no language; leave \"language\" out",
                        "{id} n'a pas de langue ; ôtez « language »"
                    );
                    self.say(&path, message);
                }
            }
            let (Some(commission), Some(centre)) = (commission, centre) else { continue };
            let given = GivenSession {
                id: g.id.clone(),
                commission,
                language: g.language.clone(),
                centre,
                room,
                date: g.date,
                half,
                members,
            };
            if instance.policy.only_given_sessions {
                instance.given_only.insert((commission, given.language.clone()));
            }
            instance.given_sessions.push(given);
        }
    }
}

impl GivenSession {
    /// Whether those whom it names may hold their seats, nobody two of them.
    pub(crate) fn seats_are_possible(&self, instance: &Instance) -> bool {
        let seats = &instance.regulation.commissions[self.commission].seats;
        let may = |(seat, x): (&crate::regulation::Seat, ExaminerIx)| {
            seat.accepts(&instance.examiners[x].qualifications, self.language.as_deref())
                && self.members.iter().filter(|m| **m == Some(x)).count() == 1
        };
        seats.iter().zip(&self.members).filter_map(|(seat, x)| Some((seat, (*x)?))).all(may)
    }
}

impl Remarks<'_> {
    /// What no session can use: a date that is none, a closed centre, a member who cannot hold the seat then.
    pub(super) fn given_sessions(&mut self) {
        let instance = self.instance;
        for (i, given) in instance.given_sessions.enumerate() {
            let path = format!("given_sessions[{}]", i.ix());
            let (id, on) = (&given.id, time::day(given.date));
            if instance.date(given.date).is_none() {
                let message = tr!(
                    "{id}: {on} is not a date of the calendar, so it hears nobody",
                    "{id} : le {on} n'est pas une date du calendrier, elle n'entend donc personne"
                );
                self.say("given-session", vec![format!("{path}.date")], message);
                continue;
            }
            let half = instance.half_days[given.half];
            let open = instance.centres[given.centre].open.get(&given.date);
            if open.is_none_or(|open| !open.meets(half)) {
                let centre = &instance.centres[given.centre].id;
                let message = tr!(
                    "{id}: the centre {centre} is closed then ({on}, {half}), so it hears nobody",
                    "{id} : le centre {centre} est fermé à ce moment ({on}, {half}), elle n'entend donc personne"
                );
                self.say("given-session", vec![path.clone()], message);
            }
            let seats = &instance.regulation.commissions[given.commission].seats;
            for (seat, x) in seats.iter().zip(&given.members).filter_map(|(seat, x)| Some((seat, (*x)?))) {
                let examiner = &instance.examiners[x];
                let why = if !seat.accepts(&examiner.qualifications, given.language.as_deref()) {
                    let needs = seat.needs();
                    tr!("has not what the seat asks for ({needs})", "n'a pas les compétences demandées ({needs})")
                } else if given.members.iter().filter(|m| **m == Some(x)).count() > 1 {
                    tr!("is given another seat of it too", "y est aussi prévu à un autre siège")
                } else if examiner.centres.as_ref().is_some_and(|own| !own.contains(&given.centre)) {
                    tr!("does not sit in that centre", "ne siège pas dans ce centre")
                } else if !examiner.available.iter().any(|a| a.date == given.date && a.time.meets(half)) {
                    tr!("is not available then", "n'est pas disponible à ce moment")
                } else {
                    continue;
                };
                let (who, name) = (&examiner.id, &seat.id);
                let message = tr!(
                    "{id}: {who}, given the seat {name}, {why}: the session hears nobody until that is changed",
                    "{id} : {who}, prévu au siège {name}, {why} : la vacation n'entend personne tant que cela reste ainsi"
                );
                self.say("given-session", vec![format!("{path}.members.{name}")], message);
            }
        }
    }
}
