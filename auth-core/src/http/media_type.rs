const ESSENCE: &str = "application/json";

/// Whether a request's `Content-Type` lets its body be read as JSON: absent, or exactly
/// `application/json` with charset utf-8 or none (RFC 8259 §8.1, §11).
pub(super) fn is_json<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> bool {
    let mut values = values.into_iter();
    match (values.next(), values.next()) {
        (None, _) => true,
        (Some(value), None) => std::str::from_utf8(value).is_ok_and(is_json_text),
        (Some(_), Some(_)) => false,
    }
}

fn is_json_text(value: &str) -> bool {
    // What nearly every client sends.
    if value == ESSENCE {
        return true;
    }
    let mut parts = value.split(';').map(str::trim);
    parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case(ESSENCE))
        && parts.filter(|parameter| !parameter.is_empty()).all(is_utf8_charset)
}

fn is_utf8_charset(parameter: &str) -> bool {
    parameter.split_once('=').is_some_and(|(name, value)| {
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
        name.eq_ignore_ascii_case("charset") && value.eq_ignore_ascii_case("utf-8")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_utf8_is_read() {
        for value in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
            "application/json;",
        ] {
            assert!(is_json([value.as_bytes()]), "{value}");
        }
        assert!(is_json([]));
    }

    #[test]
    fn anything_else_is_not() {
        for value in [
            "",
            "text/plain",
            "application/problem+json",
            "application/json+x",
            "application/json; charset=utf-16",
            "application/json; charset=latin1",
            "application/json; version=1",
            "application/x-www-form-urlencoded",
            "application/json, text/plain",
        ] {
            assert!(!is_json([value.as_bytes()]), "{value}");
        }
        assert!(!is_json([&b"application/json"[..], b"application/json"]));
        assert!(!is_json([&b"application/\xff"[..]]));
    }
}
