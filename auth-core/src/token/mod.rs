//! The access token: a JWS in compact form (RFC 7515 §3.1) whose claims are those of RFC 7519.
