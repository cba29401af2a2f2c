//! Requests for pages of the portal's lists, and their responses.

use std::time::Duration;

use crate::domain::listing::account::Account;

/// Request for one page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageRequest {
    /// Account whose roles are requested; `None` for the list of accounts.
    pub account: Option<String>,
    /// `nextToken` of the page before; `None` for the first page.
    pub token: Option<String>,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// Items of the page.
    pub items: Vec<T>,
    /// `nextToken` for the page after it.
    pub next_token: Option<String>,
}

/// Response to a [`PageRequest`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PageResponse {
    /// Accounts, without their roles.
    Accounts(Page<Account>),
    /// Names of roles.
    Roles(Page<String>),
}

/// Next action of the caller of a `Pager`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PagerAction {
    /// Send the request of this number; its response must arrive within the time.
    Send(u64, PageRequest, Duration),
    /// Sleep for this time, unless a response arrives earlier.
    Sleep(Duration),
    /// Wait for a response.
    AwaitResponse,
    /// Stop: the listing is over.
    Stop,
}
