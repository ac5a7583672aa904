//! Centres and schools as documents name them, and whose clocks their hours are.

use std::cmp::Ordering;

use chrono_tz::Tz;

use super::texts::Texts;
use crate::instance::{CentreIx, Info, Instance};
use crate::places::zone_name;

/// The names of a postal address in `info`.
pub(super) const ADDRESS: &[&str] = &["address", "adresse", "Adresse"];
/// The names of a telephone number in `info`.
pub(super) const TELEPHONE: &[&str] = &["telephone", "téléphone", "Téléphone", "phone"];
/// The names of a civility in `info`.
pub(super) const CIVILITY: &[&str] = &["title", "civilité", "Civilité"];
/// The names of an e-mail address in `info`.
pub(super) const EMAIL: &[&str] = &["email", "courriel", "Courriel"];

/// The first of these that `info` has, or nothing.
pub(super) fn said(info: &Info, names: &[&str]) -> String {
    names.iter().find_map(|k| info.get(*k)).map(|text| text.trim().to_string()).unwrap_or_default()
}

/// A centre or a school.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its town.
    pub town: String,
    /// Its address, where `info` has one.
    pub address: String,
    /// Its telephone, where `info` has one.
    pub telephone: String,
    /// Its e-mail address, where `info` has one.
    pub email: String,
    /// The zone of its hours.
    pub zone: Tz,
    /// Whether its hours are said to be local: where one of its groups has centres with other clocks.
    pub local: bool,
}

impl Ord for Place {
    fn cmp(&self, other: &Place) -> Ordering {
        let key = |p: &Place| [&p.id, &p.name, &p.town, &p.address, &p.telephone, &p.email].map(String::clone);
        key(self).cmp(&key(other)).then_with(|| self.zone.name().cmp(other.zone.name()))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Place) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Place {
    /// A place without hours of its own.
    pub(super) fn new(id: &str, name: &str, town: &str, info: &Info) -> Place {
        let (address, telephone, email) = (said(info, ADDRESS), said(info, TELEPHONE), said(info, EMAIL));
        let (id, name, town) = (id.into(), name.into(), town.into());
        Place { id, name, town, address, telephone, email, zone: Tz::Europe__Paris, local: false }
    }

    /// A centre, whose hours are those of its clocks.
    pub(super) fn centre(instance: &Instance, z: CentreIx) -> Place {
        let own = &instance.centres[z];
        Place {
            zone: own.time_zone,
            local: instance.local_time(z).is_some(),
            ..Place::new(&own.id, &own.name, &own.town, &own.info)
        }
    }

    /// `heure locale (La Réunion)`, where that has to be said.
    pub fn local_time(&self, texts: &Texts) -> Option<String> {
        self.local.then(|| self.own_time(texts))
    }

    /// `heure locale (La Réunion)`.
    pub fn own_time(&self, texts: &Texts) -> String {
        texts.fill("words.local_time", &[("place", &zone_name(self.zone))])
    }

    /// The label for papers with hours: `Lycée des Ormes, Saint-Denis – heure locale (La Réunion)`.
    pub fn label_and_time(&self, texts: &Texts) -> String {
        match self.local_time(texts) {
            Some(time) => format!("{} – {time}", self.label()),
            None => self.label(),
        }
    }

    /// What a convocation says of it below its name: UAI, address, telephone.
    pub fn reached(&self, texts: &Texts) -> String {
        let telephone = match self.telephone.as_str() {
            "" => String::new(),
            // A number stays on one line.
            number => texts.fill("words.telephone", &[("telephone", &number.replace(' ', "\u{a0}"))]),
        };
        [self.id.clone(), self.address.clone(), telephone]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(" – ")
    }

    /// `Lycée des Ormes, Caen`.
    pub fn label(&self) -> String {
        if self.town.is_empty() { self.name.clone() } else { format!("{}, {}", self.name, self.town) }
    }
}
