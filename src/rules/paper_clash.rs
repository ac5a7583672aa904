//! Hard rule `paper-clash`.

use super::{Rule, Violation};
use crate::hours::{Ask, CandidateHours};
use crate::starts::Shut;
use chrono::NaiveDate;

use crate::instance::{CandidateIx, Instance, Interval, PaperIx};
use crate::program::Draft;
use crate::schedule::Plan;
use crate::tr;

/// The rule.
pub static RULE: Rule = Rule {
    name: "paper-clash",
    summary: || {
        tr!(
            "no oral meets one of the candidate's written papers, nor its day unless allowed",
            "aucun oral pendant un écrit du candidat, ni le même jour sauf accord"
        )
    },
    source: || {
        tr!("circular, 1-E (loge) and annexe 2 (calendar)", "circulaire, 1-E (temps de loge) et annexe 2 (calendrier)")
    },
    violations,
    narrow,
    post: super::asks_nothing,
};

fn violations(plan: &Plan, found: &mut Vec<Violation>) {
    let instance = plan.instance;
    for sat in plan.sittings() {
        let Some(c) = sat.sitting.candidate else { continue };
        for &p in &instance.candidates[c].papers {
            let (paper, time) = (&instance.papers[p], instance.paper_time(c, p));
            if clash(instance, c, p, sat.session.date, sat.sitting.block()) {
                let id = &paper.id;
                let at = format!("{}, {}", sat.session.raw.id, sat.sitting.name());
                let message = tr!(
                    "the candidate sits the paper {id} that day ({time})",
                    "le candidat compose {id} ce jour-là ({time})"
                );
                found.push(Violation::new(&RULE, at, message));
            }
        }
    }
}

/// No block meets a paper.
pub(super) fn candidate(day: &CandidateHours, ask: &Ask, starts: &mut impl Shut) {
    for paper in day.papers {
        starts.between(paper.from - ask.length, paper.to + ask.before);
    }
}

fn narrow(draft: &mut Draft) {
    draft.keep_hours(|instance, o, hour| {
        let c = instance.orals[o].candidate;
        let mut papers = instance.candidates[c].papers.iter();
        !papers.any(|&p| clash(instance, c, p, instance.dates[hour.spot.date], hour.block(instance, o)))
    });
}

/// Whether a block on that date meets the candidate's paper, or its date where that is enough.
fn clash(instance: &Instance, c: CandidateIx, p: PaperIx, date: NaiveDate, block: Interval) -> bool {
    instance.papers[p].date == date && (!instance.policy.oral_on_paper_day || instance.paper_time(c, p).meets(block))
}
