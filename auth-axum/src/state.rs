use auth_core::Auth;
use axum::extract::FromRef;

/// A state that holds [`Auth`]: `Auth` itself, or a struct with `#[derive(FromRef)]`.
#[diagnostic::on_unimplemented(
    message = "the state `{Self}` does not hold `Auth`",
    label = "this state has no `Auth`",
    note = "add `Auth` to your state: `.with_state(auth)`, or `impl FromRef<AppState> for Auth` (with axum's feature `macros`: `#[derive(FromRef)]` on the state)"
)]
pub trait HasAuth: Send + Sync {
    /// The `Auth` of this state.
    fn auth(&self) -> Auth;
}

// Otherwise the compiler names the bound of this impl instead of the mend above.
#[diagnostic::do_not_recommend]
impl<S: Send + Sync> HasAuth for S
where
    Auth: FromRef<S>,
{
    fn auth(&self) -> Auth {
        Auth::from_ref(self)
    }
}
