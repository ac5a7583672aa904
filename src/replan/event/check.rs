//! What is wrong in a file of events: fields, ids, dates, hours.

use std::collections::BTreeSet;

use super::{Event, EventKind, Events};
use crate::fault::{Fault, Faults};
use crate::instance::Instance;
use crate::instance::time::Clock;
use crate::tr;

/// Every fault of the events, for that instance.
pub(super) fn faults(events: &Events, instance: &Instance) -> Vec<Fault> {
    let mut faults = Faults::default();
    for (i, event) in events.events.iter().enumerate() {
        Checker { path: format!("events[{i}]"), event, instance, faults: &mut faults }.check(events);
    }
    faults.into_vec()
}

struct Checker<'a> {
    path: String,
    event: &'a Event,
    instance: &'a Instance,
    faults: &'a mut Faults,
}

impl Checker<'_> {
    fn check(&mut self, all: &Events) {
        let (must, may) = self.event.kind.fields();
        let given: BTreeSet<&str> = self.event.given().into_iter().collect();
        let kind = serde_json::to_value(self.event.kind).expect("a unit variant is a string");
        let kind = kind.as_str().unwrap_or_default();
        for field in must.iter().filter(|f| !given.contains(*f)) {
            let message = tr!("an event {kind} needs \"{field}\"", "un événement {kind} demande « {field} »");
            self.faults.push(Fault::new(&self.path, message));
        }
        for field in given.iter().filter(|f| !must.contains(f) && !may.contains(f)) {
            let wanted = must.iter().chain(may).copied().collect::<Vec<_>>().join(", ");
            let message = tr!(
                "an event {kind} has no \"{field}\" (it takes {wanted})",
                "un événement {kind} n'a pas de « {field} » (il prend {wanted})"
            );
            self.faults.push(Fault::new(format!("{}.{field}", self.path), message));
        }
        self.ids(all);
        let event = self.event;
        if let (Some(from), Some(to)) = (event.from, event.to)
            && from >= to
        {
            let message =
                tr!("the interval ends at {to}, not after {from}", "l'intervalle finit à {to}, pas après {from}");
            self.faults.push(Fault::new(format!("{}.to", self.path), message));
        }
        self.date(all);
        self.extent();
        self.added(all);
    }

    fn fault(&mut self, field: &str, message: String) {
        let path = if field.is_empty() { self.path.clone() } else { format!("{}.{field}", self.path) };
        self.faults.push(Fault::new(path, message));
    }

    /// The date is one of the calendar, or one that is added; one that is added is not there yet.
    fn date(&mut self, all: &Events) {
        let Some(date) = self.event.date else { return };
        let known = self.instance.date(date).is_some();
        if self.event.kind == EventKind::DateAdded {
            if known {
                self.fault("date", tr!("{date} is in the calendar already", "{date} est déjà dans le calendrier"));
            }
            if let Some(exam) = &self.event.exam
                && self.instance.regulation.exam(exam).is_none()
            {
                let exams: Vec<&str> = self.instance.regulation.exams.iter().map(|e| e.id.as_str()).collect();
                self.unknown("exam", "exam", exam, &exams);
            }
        } else if !known && !all.dates(self.instance).contains(&date) {
            let message = tr!(
                "{date} is not a date of the calendar; an event date-added adds it",
                "{date} n'est pas une date du calendrier ; un événement date-added l'ajoute"
            );
            self.fault("date", message);
        }
    }

    /// A centre that opens was closed, and one that has other hours was open.
    fn extent(&mut self) {
        let (Some(k), Some(date)) = (self.event.centre.as_ref().and_then(|k| self.instance.centre(k)), self.event.date)
        else {
            return;
        };
        let (id, open) = (&self.instance.centres[k].id, self.instance.centres[k].open.get(&date));
        match (self.event.kind, open) {
            (EventKind::CentreOpened, Some(open)) => {
                let (from, to) = (Clock(open.from), Clock(open.to));
                let message = tr!(
                    "{id} is open on {date} already ({from}-{to}); centre-hours changes its hours",
                    "{id} est déjà ouvert le {date} ({from}-{to}) ; centre-hours change ses horaires"
                );
                self.fault("date", message);
            }
            (EventKind::CentreHours, None) => {
                let message = tr!(
                    "{id} is closed on {date}; centre-opened opens it",
                    "{id} est fermé le {date} ; centre-opened l'ouvre"
                );
                self.fault("date", message);
            }
            _ => {}
        }
    }

    /// What is added has an id of its own, and an accommodation says what is granted.
    fn added(&mut self, all: &Events) {
        let (event, instance) = (self.event, self.instance);
        let others = || all.events.iter().filter(|e| !std::ptr::eq(*e, event));
        if let Some(new) = &event.new_examiner {
            let twice = others().filter_map(|e| e.new_examiner.as_ref()).any(|o| o.id == new.id);
            if twice || instance.examiner(&new.id).is_some() {
                self.faults.push(Fault::duplicate(format!("{}.new_examiner.id", self.path), &new.id));
            }
        }
        if let Some(new) = &event.new {
            let twice = others().filter_map(|e| e.new.as_ref()).any(|o| o.id == new.id);
            if twice || instance.candidate(&new.id).is_some() {
                self.faults.push(Fault::duplicate(format!("{}.new.id", self.path), &new.id));
            }
        }
        match event.kind {
            EventKind::RoomAdded => {
                if event.exam_room.is_some() == event.preparation_room.is_some() {
                    let message = tr!(
                        "an event room-added takes one of exam_room and preparation_room",
                        "un événement room-added prend exam_room ou preparation_room, l'un des deux"
                    );
                    self.fault("", message);
                    return;
                }
                let room = event.added_room();
                let field = if event.exam_room.is_some() { "exam_room" } else { "preparation_room" };
                let known =
                    event.centre.as_ref().and_then(|k| instance.centre(k)).is_some_and(|k| {
                        instance.room(k, room).is_some() || instance.preparation_room(k, room).is_some()
                    });
                let twice = others()
                    .any(|e| e.kind == EventKind::RoomAdded && e.centre == event.centre && e.added_room() == room);
                if known || twice {
                    self.faults.push(Fault::duplicate(format!("{}.{field}.id", self.path), room));
                }
            }
            EventKind::Accommodation if event.granted().is_empty() => {
                let message = tr!(
                    "an event accommodation says what is granted: extra_per_hour (preparation, exam, written), needs_accessible, prepares_alone or gap",
                    "un événement accommodation dit ce qui est accordé : extra_per_hour (preparation, exam, written), needs_accessible, prepares_alone ou gap"
                );
                self.fault("", message);
            }
            _ => {}
        }
    }

    fn ids(&mut self, all: &Events) {
        let (event, instance) = (self.event, self.instance);
        let people: Vec<&str> = instance.examiners.iter().map(|x| x.id.as_str()).collect();
        let named = event.examiners.iter().enumerate().map(|(i, x)| (format!("examiners[{i}]"), x));
        // Who answers for a waiver is anybody.
        let by = if event.kind == EventKind::Waiver { &None } else { &event.by };
        let single = [("examiner", &event.examiner), ("by", by)];
        let single = single.into_iter().filter_map(|(f, x)| Some((f.to_string(), x.as_ref()?)));
        for (field, id) in single.chain(named) {
            let added = || all.events.iter().filter_map(|e| e.new_examiner.as_ref()).any(|new| new.id == *id);
            if instance.examiner(id).is_none() && !added() {
                self.unknown(&field, "examiner", id, &people);
            }
        }
        let centre = event.centre.as_ref().map(|id| (id, instance.centre(id)));
        match centre {
            Some((id, None)) => {
                let known: Vec<&str> = instance.centres.iter().map(|k| k.id.as_str()).collect();
                self.unknown("centre", "centre", id, &known);
            }
            Some((_, Some(k))) => {
                let added = |room: &String| {
                    let mut own = all.events.iter().filter(|e| e.centre == event.centre);
                    own.any(|e| e.kind == EventKind::RoomAdded && e.added_room() == room)
                };
                if let Some(room) = &event.room
                    && !added(room)
                    && instance.room(k, room).is_none()
                    && instance.preparation_room(k, room).is_none()
                {
                    let centre = &instance.centres[k];
                    let rooms = centre.rooms.iter().map(|&r| instance.rooms[r].id.as_str());
                    let loges = centre.preparation_rooms.iter().map(|&r| instance.preparation_rooms[r].id.as_str());
                    self.unknown("room", "room", room, &rooms.chain(loges).collect::<Vec<_>>());
                }
            }
            None => {}
        }
        if let Some(id) = &event.candidate {
            let added = all.events.iter().filter_map(|e| e.new.as_ref()).find(|n| n.id == *id);
            match (instance.candidate(id), added) {
                (None, None) => {
                    let known: Vec<&str> = instance.candidates.iter().map(|c| c.id.as_str()).collect();
                    self.unknown("candidate", "candidate", id, &known);
                }
                (Some(c), _) => {
                    let exams = instance.candidates[c].orals.iter().map(|&o| instance.exam_of(o).id.as_str());
                    let exams: Vec<&str> = exams.collect();
                    if let Some(exam) = event.exam.as_ref().filter(|e| !exams.contains(&e.as_str())) {
                        let list = exams.join(", ");
                        let message =
                            tr!("{id} does not sit {exam}, but {list}", "{id} ne passe pas {exam}, mais {list}");
                        self.faults.push(Fault::new(format!("{}.exam", self.path), message));
                    }
                }
                _ => {}
            }
        }
    }

    fn unknown(&mut self, field: &str, what: &str, id: &str, known: &[&str]) {
        self.faults.push(Fault::unknown(format!("{}.{field}", self.path), what, id, known));
    }
}
