//! How often somebody may try, and what it costs those who try too often.

mod clients;
mod faults;
mod mails;
mod password;
mod siege;

use auth_core::Settings;

/// Clients come through one proxy, so that a story can have many of them.
fn behind_a_proxy(settings: Settings) -> Settings {
    settings.trusted_proxies(1)
}
