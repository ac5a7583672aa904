//! Spreadsheets in: workbooks (XLSX, ODS) and folders of CSV files become an instance, and back.

pub mod accommodations;
pub mod anonymise;
pub mod cell;
pub mod columns;
pub mod count;
pub mod derive;
pub mod distance;
pub mod headings;
pub mod import;
pub mod inspect;
pub mod layout;
pub mod mapping;
pub mod page;
pub mod people;
pub mod questions;
pub mod read;
pub mod references;
pub mod remarks;
pub mod settings;
pub mod signs;
pub mod tables;
pub mod vocabulary;
pub mod words;
pub mod workbook;
