use std::rc::Rc;

use actix_web::{HttpMessage as _, HttpRequest};
use auth_core::Auth;
use auth_core::actions::Principal;

use crate::request::head;
use crate::response::AuthRejection;

/// The bearer of this request: guards and extractors load it once.
struct Loaded {
    by: Auth,
    principal: Rc<Principal>,
}

/// The bearer, from the request if it was loaded before.
pub(crate) async fn principal(request: &HttpRequest, auth: &Auth) -> Result<Rc<Principal>, AuthRejection> {
    if let Some(principal) = already(request, auth) {
        return Ok(principal);
    }
    let principal = Rc::new(auth.bearer(&head(request)).await?);
    request.extensions_mut().insert(Loaded { by: auth.clone(), principal: principal.clone() });
    Ok(principal)
}

/// Another `Auth` of the same host may have loaded another bearer.
pub(crate) fn already(request: &HttpRequest, auth: &Auth) -> Option<Rc<Principal>> {
    let extensions = request.extensions();
    let loaded = extensions.get::<Loaded>()?;
    (loaded.by == *auth).then(|| loaded.principal.clone())
}
