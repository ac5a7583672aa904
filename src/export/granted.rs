//! What documents say of a candidate beyond the sittings: what was granted, when born.

use super::texts::Texts;
use crate::instance::{Candidate, Info};

/// What a candidate was granted, each in words.
pub(super) fn accommodations(texts: &Texts, own: &Candidate) -> Vec<String> {
    let mut granted = Vec::new();
    let extra = own.extra;
    for (minutes, name) in [(extra.preparation, "preparation"), (extra.exam, "exam"), (extra.written, "written")] {
        if minutes > 0 {
            let more = match minutes {
                20 => texts.get("accommodations.third").to_string(),
                30 => texts.get("accommodations.half").to_string(),
                _ => texts.fill("accommodations.minutes", &[("n", &minutes.to_string())]),
            };
            granted.push(texts.fill(&format!("accommodations.{name}"), &[("more", &more)]));
        }
    }
    if own.gap > 0 {
        granted.push(texts.fill("accommodations.gap", &[("length", &texts.length(own.gap))]));
    }
    if own.prepares_alone {
        granted.push(texts.get("accommodations.alone").to_string());
    }
    if own.needs_accessible {
        granted.push(texts.get("accommodations.accessible").to_string());
    }
    granted
}

/// The birth date as a letter says it, where `info` has one.
pub(super) fn birth(texts: &Texts, info: &Info) -> Option<String> {
    let given = ["birth_date", "date de naissance", "Date de naissance"].iter().find_map(|k| info.get(*k))?;
    Some(given.parse().map_or_else(|_| given.clone(), |date| texts.short_date(date)))
}
