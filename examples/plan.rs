//! Plans an instance for some seconds and says what came out: `cargo run --release --example plan -- instances/small.json 5`.

use std::path::PathBuf;

use oraux::{Error, Instance, Options, check, explain, solve};

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let path = PathBuf::from(arguments.next().unwrap_or_else(|| "instances/small.json".into()));
    let seconds = arguments.next().and_then(|s| s.parse().ok()).unwrap_or(5);

    let instance = Instance::read(&path)?;
    let schedule = solve(&instance, &Options::seconds(seconds))?;
    let verdict = check(&instance, &schedule, None);
    println!("valid: {}, cost: {}, proven bound: {:?}", verdict.valid, verdict.cost.total, schedule.bound);
    for term in explain(&instance, &schedule).terms.iter().take(3) {
        println!("{}: {}", term.term, term.cost);
    }
    Ok(())
}
