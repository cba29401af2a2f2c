//! What a walk and whoever walks for it say to each other.

use std::time::Duration;

use crate::domain::listing::inventory::Account;

/// The page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ask {
    /// The account whose roles are asked for; `None`: the list of accounts.
    pub account: Option<String>,
    /// Where the page begins.
    pub from: Option<String>,
}

/// What came for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Accounts, without their roles.
    Accounts(Page<Account>),
    /// Names of roles.
    Roles(Page<String>),
}

/// What to do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Send this; the answer must be there within the time, and goes with the number.
    Send(u64, Ask, Duration),
    /// Nothing for so long, unless an answer comes before.
    Wait(Duration),
    /// Nothing before an answer comes.
    Await,
    /// It is over.
    Done,
}
