/// A request as it goes over the wire.
#[derive(Debug, Clone)]
pub struct Request(Vec<u8>);

impl Request {
    /// A POST of JSON.
    #[must_use]
    pub fn post(path: &str, headers: &[(&str, &str)], body: &serde_json::Value) -> Self {
        let body = body.to_string();
        let length = body.len().to_string();
        let head = head(
            "POST",
            path,
            &[headers, &[("content-type", "application/json"), ("content-length", &length)]].concat(),
        );
        Self([head.as_bytes(), body.as_bytes()].concat())
    }

    /// A GET.
    #[must_use]
    pub fn get(path: &str, headers: &[(&str, &str)]) -> Self {
        Self(head("GET", path, headers).into_bytes())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

fn head(method: &str, path: &str, headers: &[(&str, &str)]) -> String {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n");
    for (name, value) in headers {
        head.push_str(name);
        head.push_str(": ");
        head.push_str(value);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    head
}
