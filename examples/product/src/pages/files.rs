use crate::Answer;

/// Everything under `/app/` that is the same on every server.
const FILES: &[File] = &[
    file("/app/", Kind::Page, include_bytes!("../../../web/index.html")),
    file("/app/signup", Kind::Page, include_bytes!("../../../web/signup.html")),
    file("/app/signin", Kind::Page, include_bytes!("../../../web/signin.html")),
    file("/app/notes", Kind::Page, include_bytes!("../../../web/notes.html")),
    file("/app/forgot", Kind::Page, include_bytes!("../../../web/forgot.html")),
    file("/app/restore", Kind::Page, include_bytes!("../../../web/restore.html")),
    file("/app/style.css", Kind::Style, include_bytes!("../../../web/style.css")),
    file("/app/icon.svg", Kind::Image, include_bytes!("../../../web/icon.svg")),
    file("/app/welcome.js", Kind::Script, include_bytes!("../../../web/welcome.js")),
    file("/app/signup.js", Kind::Script, include_bytes!("../../../web/signup.js")),
    file("/app/signin.js", Kind::Script, include_bytes!("../../../web/signin.js")),
    file("/app/notes.js", Kind::Script, include_bytes!("../../../web/notes.js")),
    file("/app/forgot.js", Kind::Script, include_bytes!("../../../web/forgot.js")),
    file("/app/restore.js", Kind::Script, include_bytes!("../../../web/restore.js")),
    file("/app/api.js", Kind::Script, include_bytes!("../../../web/api.js")),
    file("/app/session.js", Kind::Script, include_bytes!("../../../web/session.js")),
    file("/app/leave.js", Kind::Script, include_bytes!("../../../web/leave.js")),
    file("/app/form.js", Kind::Script, include_bytes!("../../../web/form.js")),
    file("/app/reveal.js", Kind::Script, include_bytes!("../../../web/reveal.js")),
];

/// The answer of a path that is a file.
pub(super) fn answer(path: &str) -> Option<Answer> {
    FILES.iter().find(|file| file.path == path).map(File::answer)
}

#[derive(Debug)]
struct File {
    path: &'static str,
    kind: Kind,
    bytes: &'static [u8],
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Page,
    Style,
    Script,
    Image,
}

const fn file(path: &'static str, kind: Kind, bytes: &'static [u8]) -> File {
    File { path, kind, bytes }
}

impl File {
    fn answer(&self) -> Answer {
        match self.kind {
            Kind::Page => Answer::html(self.bytes),
            Kind::Style => Answer::asset("text/css; charset=utf-8", self.bytes),
            Kind::Script => Answer::asset("text/javascript; charset=utf-8", self.bytes),
            Kind::Image => Answer::asset("image/svg+xml", self.bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(kind: fn(&Kind) -> bool) -> impl Iterator<Item = (&'static str, &'static str)> {
        let files = FILES.iter().filter(move |file| kind(&file.kind));
        files.map(|file| (file.path, std::str::from_utf8(file.bytes).unwrap()))
    }

    fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
        texts(|kind| matches!(kind, Kind::Page))
    }

    #[test]
    fn every_file_of_the_folder_is_served_once() {
        let folder = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../web")).unwrap();
        let mut kept: Vec<_> = folder.map(|entry| std::fs::read(entry.unwrap().path()).unwrap()).collect();
        let mut served: Vec<_> = FILES.iter().map(|file| file.bytes.to_vec()).collect();
        kept.sort();
        served.sort();
        assert!(kept == served);
    }

    #[test]
    fn what_a_page_or_a_script_asks_for_is_there() {
        let all = texts(|kind| !matches!(kind, Kind::Image));
        let links = |text: &'static str| {
            let marks = ["href=\"", "src=\"", "from \"./", "import \"./"];
            marks.into_iter().flat_map(move |mark| text.split(mark).skip(1).filter_map(|rest| rest.split('"').next()))
        };
        for (path, link) in all.flat_map(|(path, text)| links(text).map(move |link| (path, link))) {
            let target = format!("/app/{}", link.trim_start_matches("./"));
            assert!(link.starts_with('#') || answer(&target).is_some(), "{path} asks for {link}");
        }
    }

    #[test]
    fn nothing_comes_from_elsewhere_and_no_script_or_style_is_inline() {
        for (path, text) in texts(|kind| !matches!(kind, Kind::Image)) {
            for foreign in ["http:", "https:", "url(", "@import", "innerHTML", "document.write", "localStorage"] {
                assert!(!text.contains(foreign), "{path}: {foreign}");
            }
        }
        for (path, text) in pages() {
            for inline in ["<style", " style=", " onclick=", " onload=", " onsubmit=", "javascript:"] {
                assert!(!text.contains(inline), "{path}: {inline}");
            }
            assert_eq!(
                text.matches("<script").count(),
                text.matches("<script type=\"module\" src=\"").count(),
                "{path}"
            );
        }
    }

    #[test]
    fn every_page_has_a_language_a_title_one_heading_landmarks_and_a_way_past_the_head() {
        for (path, text) in pages() {
            for part in ["<html lang=\"en\">", "<title>", "<h1", "<main ", "<header ", "<footer ", "<noscript>"] {
                assert_eq!(text.matches(part).count(), 1, "{path}: {part}");
            }
            assert!(text.contains("class=\"skip\" href=\"#main\""), "{path}");
        }
    }

    #[test]
    fn password_managers_know_every_field_and_pasting_is_allowed() {
        for (path, text) in pages() {
            for input in text.split("<input ").skip(1).filter_map(|rest| rest.split('>').next()) {
                assert!(input.contains("type=\"radio\"") || input.contains("autocomplete=\""), "{path}: {input}");
            }
        }
        assert!(texts(|kind| matches!(kind, Kind::Page | Kind::Script)).all(|(_, text)| !text.contains("paste")));
    }
}
