//! `oraux explain`: where the cost comes from, what binds a person, why something is not otherwise.

use std::path::PathBuf;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::json;

use super::solve::seconds;
use super::wrap::wrapped;
use super::{Failure, effort, places, print, read_both};
use crate::check::check;
use crate::explain::candidate::CandidateStory;
use crate::explain::costs::Story;
use crate::explain::examiner::ExaminerStory;
use crate::explain::{Constraint, Share, candidate, charged, costs, examiner, heads};
use crate::fault::Fault;
use crate::instance::{CandidateIx, ExaminerIx, Instance};
use crate::schedule::{Plan, Schedule};
use crate::tr;
use crate::whatif::ask::Asked;
use crate::whatif::compare::Difference;
use crate::whatif::relax::{Stranded, stranded};
use crate::whatif::why_not::{Answer, answer};

/// Say why a schedule is as it is: where the cost comes from, what binds a person, why not otherwise
#[derive(clap::Args)]
pub struct Explain {
    /// The instance
    instance: PathBuf,
    /// The schedule
    schedule: PathBuf,
    /// This candidate: the day, every constraint on it, and why not otherwise
    #[arg(long, value_name = "ID", conflicts_with_all = ["examiner", "why_not"])]
    candidate: Option<String>,
    /// This examiner: the same
    #[arg(long, value_name = "ID", conflicts_with = "why_not")]
    examiner: Option<String>,
    /// Why not so: "C0012 E4 2024-06-04 09:00 B101" (date, hour, room, centre may be left out), or an examiner on a
    /// date: "X014 2024-06-04"
    #[arg(long, value_name = "WISH")]
    why_not: Option<String>,
    /// Where else an oral could be heard with nobody else moved, at what price, and where not: "C0050 E4", or with a date or
    /// a centre, "C0050 E4 2024-06-04"
    #[arg(long, value_name = "ORAL", conflicts_with_all = ["candidate", "examiner", "why_not"])]
    places: Option<String>,
    /// Seconds for the search of a plan in which others move, where a wish needs one
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, value_parser = seconds)]
    time: f64,
    /// Tries of moves for each plan, in place of --time: the same number gives the same answer
    #[arg(long, value_name = "N", conflicts_with = "time")]
    iterations: Option<u64>,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let (instance, schedule) = read_both(&self.instance, &self.schedule)?;
        let verdict = check(&instance, &schedule, None);
        let plan = Plan::new(&instance, &schedule, None);
        if !verdict.valid && [&self.why_not, &self.candidate, &self.examiner, &self.places].iter().any(|a| a.is_some())
        {
            return Err(self.not_valid(verdict.violations.len()));
        }
        let text = if let Some(wish) = &self.why_not {
            self.why_not(&instance, &schedule, wish)?
        } else if let Some(wish) = &self.places {
            places::answer(&plan, &Asked::parse(wish, &instance)?, self.json)?
        } else if let Some(id) = &self.candidate {
            let c = instance.candidate(id).ok_or_else(|| {
                unknown("--candidate", "candidate", id, instance.candidates.iter().map(|c| c.id.as_str()))
            })?;
            self.candidate(&plan, c)
        } else if let Some(id) = &self.examiner {
            let x = instance.examiner(id).ok_or_else(|| {
                unknown("--examiner", "examiner", id, instance.examiners.iter().map(|x| x.id.as_str()))
            })?;
            self.examiner(&plan, x)
        } else {
            let story = costs::story(&plan);
            let left = if verdict.valid { stranded(&instance, &schedule, None) } else { Vec::new() };
            if self.json {
                pretty(&json!({ "cost": story, "unscheduled": left }))
            } else {
                story_text(&story, &left, verdict.violations.len())
            }
        };
        print(&text);
        Ok(ExitCode::SUCCESS)
    }

    fn not_valid(&self, broken: usize) -> Failure {
        let message = tr!(
            "the schedule breaks {broken} rules (see oraux check); why not otherwise is said of valid schedules only",
            "le planning enfreint {broken} règles (voir oraux check) ; seul un planning valable peut être expliqué ainsi"
        );
        Failure::Input(vec![Fault { file: Some(self.schedule.display().to_string()), ..Fault::new("", message) }])
    }

    fn why_not(&self, instance: &Instance, schedule: &Schedule, wish: &str) -> Result<String, Failure> {
        let asked = Asked::parse(wish, instance)?;
        let answer = answer(instance, schedule, &asked, &effort(self.time, self.iterations));
        Ok(if self.json { pretty(&answer) } else { answer_text(&answer) })
    }

    fn candidate(&self, plan: &Plan, c: CandidateIx) -> String {
        let story = candidate::story(plan, c);
        let left = stranded(plan.instance, plan.schedule, Some(c));
        if self.json {
            pretty(&json!({ "candidate": story, "unscheduled": left }))
        } else {
            candidate_text(&story, &left)
        }
    }

    fn examiner(&self, plan: &Plan, x: ExaminerIx) -> String {
        let story = examiner::story(plan, x);
        if self.json { pretty(&story) } else { examiner_text(&story) }
    }
}

fn unknown<'a>(path: &str, what: &str, id: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    Failure::Input(vec![Fault::unknown(path, what, id, known)])
}

pub(super) fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("an answer is always JSON") + "\n"
}

fn story_text(story: &Story, left: &[Stranded], broken: usize) -> String {
    let mut out = wrapped("", &story.summary);
    if broken > 0 {
        out += &wrapped(
            "",
            &tr!(
                "The schedule is NOT VALID: it breaks {broken} rules (see oraux check).",
                "Le planning n'est PAS VALABLE : il enfreint {broken} règles (voir oraux check)."
            ),
        );
    }
    out.push('\n');
    for term in &story.terms {
        out += &wrapped(&format!("{:<20} ", term.term), &term.sentence);
    }
    out += &format!("\n{}\n", heads::over_all_terms());
    for dimension in &story.drivers {
        let head = heads::dimension(dimension.by);
        if !dimension.dearest.is_empty() {
            out += &wrapped(&format!("  {head:<18} "), &dimension.named());
        }
    }
    out + &stranded_text(left)
}

fn stranded_text(left: &[Stranded]) -> String {
    if left.is_empty() {
        return String::new();
    }
    let head = tr!(
        "Without a sitting, and what would have to give (each alone, with nobody else moved)",
        "Sans passage, et ce qu'il faudrait céder (chaque fois seul, sans déplacer personne d'autre)"
    );
    let mut out = "\n".to_string() + &wrapped("", &head);
    let mut alike: Vec<(&str, Vec<&str>, Vec<String>)> = Vec::new();
    for s in left {
        let ways: Vec<&str> = s.ways.iter().map(|w| w.text.as_str()).collect();
        let name = format!("{} {}", s.candidate, s.exam);
        match alike.iter_mut().find(|(reason, own, _)| *reason == s.reason && *own == ways) {
            Some((_, _, names)) => names.push(name),
            None => alike.push((&s.reason, ways, vec![name])),
        }
    }
    for (reason, ways, names) in alike {
        let names = names.join(", ");
        out += &wrapped("  ", &tr!("{names}: {reason}", "{names} : {reason}"));
        for way in &ways {
            out += &wrapped("    - ", way);
        }
        if ways.is_empty() {
            let none = tr!("nothing of what was tried is enough alone", "rien de ce qui a été essayé ne suffit seul");
            out += &wrapped("    - ", &none);
        }
    }
    out
}

fn constraints_text(constraints: &[Constraint]) -> String {
    let mut out = format!("\n{}\n", heads::binds());
    for c in constraints {
        out += &wrapped("  - ", &format!("{} [{}; {}]", c.text, c.rule, c.source));
    }
    out
}

fn costs_text(shares: &[Share]) -> String {
    let text = charged(shares);
    if text.is_empty() { text } else { "\n".to_string() + &wrapped("", &text) }
}

fn candidate_text(story: &CandidateStory, left: &[Stranded]) -> String {
    let mut out = wrapped("", &format!("{} {} - {}", story.id, story.name, story.about));
    for sitting in &story.sittings {
        out += &wrapped("  ", sitting);
    }
    for reason in &story.not_heard {
        out += &wrapped("  ", reason);
    }
    out += &constraints_text(&story.constraints);
    out += &costs_text(&story.costs);
    if !story.otherwise.is_empty() {
        out += &format!("\n{}\n", heads::first_day());
    }
    for other in &story.otherwise {
        out += &wrapped(&format!("  {} {}  ", other.date, other.centre), &other.text);
    }
    out + &stranded_text(left)
}

fn examiner_text(story: &ExaminerStory) -> String {
    let mut out = wrapped("", &format!("{} {} - {}", story.id, story.name, story.about));
    for session in &story.sessions {
        out += &wrapped("  ", session);
    }
    if story.sessions.is_empty() {
        out += &format!("  {}\n", tr!("not convened", "non convoqué"));
    }
    out += &constraints_text(&story.constraints);
    out += &costs_text(&story.costs);
    if !story.otherwise.is_empty() {
        out += &format!("\n{}\n", heads::other_dates());
    }
    for other in &story.otherwise {
        out += &wrapped(&format!("  {}  ", other.date), &other.text);
    }
    out
}

fn answer_text(answer: &Answer) -> String {
    let asked = &answer.asked;
    let mut out = wrapped("", &tr!("Why not {asked}?", "Pourquoi pas {asked} ?"));
    out += &wrapped("", &answer.summary);
    if !answer.tried.is_empty() {
        out += &format!("\n{}\n", tr!("The nearest, as the plan stands", "Au plus près, en l'état du planning"));
    }
    for tried in &answer.tried {
        out += &wrapped("  ", &tried.text);
        // A rule's source stands once, behind all that breaks it.
        for (i, broken) in tried.broken.iter().enumerate() {
            let first = i == 0 || tried.broken[i - 1].rule != broken.rule;
            let last = tried.broken.get(i + 1).is_none_or(|next| next.rule != broken.rule);
            let head = if first { format!("    - {}: ", broken.rule) } else { " ".repeat(8 + broken.rule.len()) };
            let source = if last { format!(" [{}]", broken.source) } else { String::new() };
            out += &wrapped(&head, &format!("{} ({}){source}", broken.message, broken.at));
        }
    }
    out + &answer.change.as_ref().map_or_else(String::new, change_text)
}

/// Who moves, line by line.
pub(super) fn change_text(change: &Difference) -> String {
    let mut out = String::new();
    if !change.moved.is_empty() {
        out += &format!("\n{}\n", tr!("Who moves", "Qui change"));
    }
    for m in &change.moved {
        let spot = |s: &Option<crate::whatif::compare::Spot>| {
            s.as_ref().map_or_else(|| tr!("no sitting", "sans passage"), ToString::to_string)
        };
        out += &wrapped("  ", &format!("{} {}: {} -> {}", m.candidate, m.exam, spot(&m.from), spot(&m.to)));
    }
    for (head, duties) in [
        (tr!("Convened in addition", "Convoqués en plus"), &change.called),
        (tr!("No more convened", "Plus convoqués"), &change.released),
    ] {
        if !duties.is_empty() {
            let named: Vec<String> =
                duties.iter().map(|d| format!("{} {} ({})", d.examiner, d.date, d.centre)).collect();
            out += &wrapped("", &format!("{head}: {}", named.join(", ")));
        }
    }
    out
}
