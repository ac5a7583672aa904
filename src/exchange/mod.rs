//! Spreadsheets in: workbooks (XLSX, ODS) and folders of CSV files become an instance, and back.

pub mod anonymise;
pub mod cell;
pub mod count;
pub mod derive;
pub mod distance;
pub mod headings;
pub mod import;
pub mod inspect;
pub mod layout;
pub mod page;
pub mod people;
pub mod read;
pub mod remarks;
pub mod settings;
pub mod tables;
pub mod workbook;
