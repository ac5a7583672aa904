//! Spreadsheets in: workbooks (XLSX, ODS) and folders of CSV files become an instance, and back.

pub mod anonymise;
pub mod asides;
pub mod availability;
pub mod cell;
pub mod count;
pub mod derive;
pub mod distance;
pub mod grid;
pub mod half_days;
pub mod headings;
pub mod import;
pub mod inspect;
pub mod layout;
pub mod page;
pub mod people;
pub mod read;
pub mod records;
pub mod remarks;
pub mod settings;
pub mod tables;
pub mod titles;
pub mod who;
pub mod workbook;
