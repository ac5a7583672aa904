//! Dense index newtypes and the tables that they index.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A dense index into one [`Table`].
pub trait Ix: Copy + Eq + 'static {
    /// The index of the `i`-th row.
    fn of(i: usize) -> Self;
    /// The row number.
    fn ix(self) -> usize;
}

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);
        impl Ix for $name {
            fn of(i: usize) -> Self { $name(i as u32) }
            fn ix(self) -> usize { self.0 as usize }
        }
    )*};
}

index! {
    /// A date of the calendar, in order of time.
    DateIx,
    /// An exam of the regulation.
    ExamIx,
    /// A commission of the regulation.
    CommissionIx,
    /// A centre.
    CentreIx,
    /// An exam room of some centre.
    RoomIx,
    /// A preparation room of some centre.
    PrepIx,
    /// A school.
    SchoolIx,
    /// An examiner.
    ExaminerIx,
    /// A candidate.
    CandidateIx,
    /// An oral, due or not.
    OralIx,
    /// A written paper.
    PaperIx,
    /// A commission that the office has composed already.
    GivenIx,
}

/// A vector that only its own index type opens.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<I, T>(Vec<T>, PhantomData<I>);

impl<I: Ix, T> Table<I, T> {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Every index, in order.
    pub fn indices(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.0.len()).map(I::of)
    }
    /// Every row, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.0.iter()
    }
    /// Every row with its index.
    pub fn enumerate(&self) -> impl Iterator<Item = (I, &T)> {
        self.0.iter().enumerate().map(|(i, t)| (I::of(i), t))
    }
    /// Adds a row and returns its index.
    pub fn push(&mut self, row: T) -> I {
        self.0.push(row);
        I::of(self.0.len() - 1)
    }
}

impl<I, T> Default for Table<I, T> {
    fn default() -> Self {
        Table(Vec::new(), PhantomData)
    }
}

impl<I: Ix, T> FromIterator<T> for Table<I, T> {
    fn from_iter<S: IntoIterator<Item = T>>(rows: S) -> Self {
        Table(rows.into_iter().collect(), PhantomData)
    }
}

impl<I: Ix, T> Index<I> for Table<I, T> {
    type Output = T;
    fn index(&self, i: I) -> &T {
        &self.0[i.ix()]
    }
}

impl<I: Ix, T> IndexMut<I> for Table<I, T> {
    fn index_mut(&mut self, i: I) -> &mut T {
        &mut self.0[i.ix()]
    }
}
