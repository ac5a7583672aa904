//! What the program does, seen from outside. One binary for all: to link the solver takes longer than most of the tests.

mod anonymise;
mod answers;
mod bad;
mod bench_report;
mod best_known;
mod bound;
mod campaign;
mod certain;
mod cli;
mod common;
mod diagnose;
mod exact;
mod exchange;
mod explain;
mod export;
mod found_late;
mod fuzz;
mod hopeless;
mod house;
mod instances;
mod parts;
mod replan;
mod solve;
mod state;
mod strategies;
mod tiny;
