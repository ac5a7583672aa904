//! `oraux centres`: which sites to open as oral centres?

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use super::explain::pretty;
use super::solve::seconds;
use super::wrap::wrapped;
use super::{Failure, effort, paths, print, thousands, writable};
use crate::explain::list;
use crate::instance::Instance;
use crate::whatif::map::{Map, Panel};
use crate::whatif::sites::{Size, Wanted, sites};
use crate::{output, tr};

/// Plan with one centre, two centres … and say what each set of sites costs
#[derive(clap::Args)]
pub struct Centres {
    /// The instance; its centres are the possible sites
    instance: PathBuf,
    /// The most sites [default: all]
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u16).range(1..))]
    most: Option<u16>,
    /// How many sets of each size are planned, the most promising by the candidates' kilometres
    #[arg(long, value_name = "N", default_value_t = 3)]
    sets: usize,
    /// Let every group go to every site, whatever the instance says
    #[arg(long)]
    any_centre: bool,
    /// Where a map of the best set of each size goes (SVG)
    #[arg(long, value_name = "SVG")]
    map: Option<PathBuf>,
    /// Where the schedule of the best set of each size goes: FOLDER/centres-K.json
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
    /// Seconds for each set
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0, value_parser = seconds)]
    time: f64,
    /// Tries of moves for each plan, in place of --time: the same number gives the same answer
    ///
    /// What is proven has its share of them as steps of the solver over 10,000 coefficients each.
    #[arg(long, value_name = "N", conflicts_with = "time")]
    iterations: Option<u64>,
    /// Print it as JSON
    #[arg(long)]
    json: bool,
}

impl Centres {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let instance = Instance::read(&self.instance)?;
        writable(&paths(&[self.map.as_ref()]), &[&self.instance])?;
        let effort = effort(self.time, self.iterations);
        let wanted =
            Wanted { most: self.most.map_or(usize::MAX, usize::from), sets: self.sets, any_centre: self.any_centre };
        let sizes = sites(&instance, wanted, &effort)?;
        let map = Map::new(&instance);
        if let Some(path) = &self.map {
            let panels: Vec<Panel> = sizes.iter().filter_map(panel).collect();
            let svg = map.svg(&instance, &panels);
            output::write(path, svg.as_bytes()).map_err(|e| Failure::unwritable(path, &e))?;
        }
        if let Some(folder) = &self.output {
            for set in sizes.iter().filter_map(|s| s.sets.first()) {
                let path = folder.join(format!("centres-{}.json", set.k));
                let written = std::fs::create_dir_all(folder).and_then(|()| set.schedule.write(&path));
                written.map_err(|e| Failure::unwritable(&path, &e))?;
            }
        }
        print(&if self.json { pretty(&sizes) } else { self.text(&instance, &sizes, &map) });
        Ok(ExitCode::SUCCESS)
    }

    fn text(&self, instance: &Instance, sizes: &[Size], map: &Map) -> String {
        let mut out = format!(
            "{:>2}  {:<34}{:>11}{:>11}{:>7}{:>9}{:>9}{:>6}{:>7}\n",
            "k",
            tr!("sites", "sites"),
            tr!("cost", "coût"),
            tr!("bound", "borne"),
            tr!("left", "reste"),
            tr!("cand.km", "km cand."),
            tr!("exam.km", "km int."),
            tr!("days", "jours"),
            tr!("people", "pers.")
        );
        for set in sizes.iter().flat_map(|s| &s.sets) {
            let f = &set.figures;
            let towns: Vec<String> = set
                .centres
                .iter()
                .filter_map(|id| instance.centre(id))
                .map(|z| &instance.centres[z])
                .map(|z| if z.town.is_empty() { z.id.clone() } else { z.town.clone() })
                .collect();
            let named: String = towns.join(", ").chars().take(33).collect();
            let _ = writeln!(
                out,
                "{:>2}  {named:<34}{:>11}{:>11}{:>7}{:>9}{:>9}{:>6}{:>7}",
                set.k,
                thousands(f.cost),
                thousands(f.bound.unwrap_or(0)),
                f.unscheduled,
                thousands(f.candidate_km),
                thousands(f.examiner_km),
                f.centre_days,
                f.examiners
            );
        }
        out.push('\n');
        for size in sizes {
            out += &self.verdict(size);
        }
        let best = sizes.iter().filter_map(|s| s.sets.first()).min_by_key(|s| s.figures.cost);
        if let Some(best) = best {
            let (sites, cost) = (list(&best.centres), thousands(best.figures.cost));
            let text =
                tr!("The cheapest plan opens {sites}: {cost}.", "Le planning le moins cher ouvre {sites} : {cost}.");
            out += &wrapped("", &text);
        }
        if let Some(path) = &self.map {
            let (path, source) = (path.display(), map.source());
            out += &wrapped("", &tr!("Map: {path}. {source}", "Carte : {path}. {source}"));
        }
        out
    }

    fn verdict(&self, size: &Size) -> String {
        let (k, planned, possible) = (size.k, size.sets.len(), size.possible);
        let mut text = tr!(
            "k = {k}: {planned} of {possible} sets planned.",
            "k = {k} : {planned} ensembles sur {possible} planifiés."
        );
        if size.stopped {
            text += &tr!(
                " Stopped here: the last of them is what there was by then, and more may be missing.",
                " Interrompu ici : le dernier est en l'état à ce moment-là, et la suite manque."
            );
        }
        let best = size.sets.first().map_or(0, |s| s.figures.cost);
        if let Some(bound) = size.others_at_least {
            let at_least = thousands(bound);
            text += &if bound >= best {
                tr!(
                    " None of the others can be cheaper (at least {at_least}).",
                    " Aucun des autres ne peut être moins cher (au moins {at_least})."
                )
            } else {
                tr!(" The others cost at least {at_least}.", " Les autres coûtent au moins {at_least}.")
            };
        }
        wrapped("", &text)
    }
}

fn panel(size: &Size) -> Option<Panel<'_>> {
    let set = size.sets.first()?;
    let (k, cost) = (set.k, thousands(set.figures.cost));
    Some(Panel { title: tr!("k = {k}: {cost}", "k = {k} : {cost}"), open: &set.centres, schedule: &set.schedule })
}
