use std::io;

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

/// How JSON is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Layout {
    /// Without a space, in UTF-8.
    Compact,
    /// As Python's `json.dumps` does: `, ` and `: `, and ASCII alone.
    Python,
}

impl Layout {
    pub(in crate::http) fn write(self, body: &impl Serialize) -> serde_json::Result<Vec<u8>> {
        let mut written = Vec::with_capacity(256);
        match self {
            Self::Compact => body.serialize(&mut Serializer::new(&mut written))?,
            Self::Python => body.serialize(&mut Serializer::with_formatter(&mut written, Python))?,
        }
        Ok(written)
    }
}

struct Python;

impl Formatter for Python {
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        for character in fragment.chars() {
            match character {
                ' '..='~' => write!(writer, "{character}")?,
                _ => {
                    for unit in character.encode_utf16(&mut [0; 2]) {
                        write!(writer, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn python(body: &serde_json::Value) -> String {
        String::from_utf8(Layout::Python.write(body).unwrap()).unwrap()
    }

    #[test]
    fn python_puts_a_space_after_commas_and_colons() {
        assert_eq!(python(&json!({"a": [1, null, {}], "b": []})), r#"{"a": [1, null, {}], "b": []}"#);
    }

    #[test]
    fn python_writes_what_is_not_printable_ascii_in_utf_16_units() {
        let text = "é用😀\u{7f}\u{1}\n\t\"\\/<~ ";
        assert_eq!(python(&json!(text)), r#""\u00e9\u7528\ud83d\ude00\u007f\u0001\n\t\"\\/<~ ""#);
    }

    #[test]
    fn what_is_laid_out_either_way_is_the_same_value() {
        let value = json!({"user": {"name": "Łukasz-用户", "last_login": null}, "status": 201});
        for layout in [Layout::Compact, Layout::Python] {
            let read: serde_json::Value = serde_json::from_slice(&layout.write(&value).unwrap()).unwrap();
            assert_eq!(read, value);
        }
    }
}
