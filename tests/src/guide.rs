//! The Rust of the guide compiles, and its assertions hold. It stands here because this crate alone
//! has both frameworks, as the pages do.

macro_rules! pages {
    ($($name:ident = $file:literal),* $(,)?) => {
        $(#[doc = include_str!(concat!("../../docs/guide/", $file))] mod $name {})*
    };
}

/// The page of the takeover stands beside the guide.
#[doc = include_str!("../../docs/takeover.md")]
mod takeover {}

pages! {
    keys = "keys.md",
    leave_out = "leave-out.md",
    limits = "limits.md",
    mails = "mails.md",
    metrics = "metrics.md",
    mount = "mount.md",
    own_user = "own-user.md",
    production = "production.md",
    profiles = "profiles.md",
    protect = "protect.md",
    proxy = "proxy.md",
    smtp = "smtp.md",
}
