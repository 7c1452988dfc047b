use std::sync::Arc;

use auth_core::Auth;
use auth_core::actions::Principal;
use axum::http::request::Parts;

use crate::request::head;
use crate::response::AuthRejection;

/// The bearer of this request: guards and extractors load it once.
#[derive(Clone)]
struct Loaded {
    by: Auth,
    principal: Arc<Principal>,
}

/// The bearer, from the request if it was loaded before.
pub(crate) async fn principal(parts: &mut Parts, auth: &Auth) -> Result<Arc<Principal>, AuthRejection> {
    if let Some(principal) = already(parts, auth) {
        return Ok(principal);
    }
    let principal = Arc::new(auth.bearer(&head(parts)).await?);
    parts.extensions.insert(Loaded { by: auth.clone(), principal: principal.clone() });
    Ok(principal)
}

/// Another `Auth` of the same host may have loaded another bearer.
pub(crate) fn already(parts: &Parts, auth: &Auth) -> Option<Arc<Principal>> {
    let loaded = parts.extensions.get::<Loaded>()?;
    (loaded.by == *auth).then(|| loaded.principal.clone())
}
