use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::webdriver::WebDriver;

/// What a person sees and does. Whatever is looked for is waited for.
pub(crate) struct Browser {
    driver: WebDriver,
}

/// The member of an element's reference (`WebDriver` §11).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const SPACE: &str = " ";
pub(crate) const RIGHT: &str = "\u{e014}";

impl Browser {
    /// `None`, and a word about it, where there is no Chromium.
    pub(crate) fn start() -> Option<Self> {
        WebDriver::start().map(|driver| Self { driver })
    }

    #[track_caller]
    pub(crate) fn open(&self, url: &str) {
        self.driver.post("/url", &json!({ "url": url }));
    }

    pub(crate) fn address(&self) -> String {
        self.driver.get("/url").as_str().unwrap().to_owned()
    }

    /// Waits for the page with this heading.
    #[track_caller]
    pub(crate) fn expect_page(&self, heading: &str) {
        self.find(&format!("//h1[normalize-space(.)={}]", quoted(heading)));
    }

    /// Waits for a text on the page. One that is there but hidden has yet to be shown.
    #[track_caller]
    pub(crate) fn expect_text(&self, text: &str) {
        let shown = "not(ancestor-or-self::*[@hidden])";
        self.find(&format!("//body//*[{shown}][text()[contains(normalize-space(.),{})]]", quoted(text)));
    }

    #[track_caller]
    pub(crate) fn click_link(&self, text: &str) {
        self.click(&format!("//a[normalize-space(.)={}]", quoted(text)));
    }

    #[track_caller]
    pub(crate) fn click_button(&self, text: &str) {
        self.click(&format!("//button[normalize-space(.)={}]", quoted(text)));
    }

    #[track_caller]
    pub(crate) fn click(&self, xpath: &str) {
        let element = self.find(xpath);
        self.driver.post(&format!("/element/{element}/click"), &json!({}));
    }

    /// Types into the field with this label, in place of what was there.
    #[track_caller]
    pub(crate) fn fill(&self, label: &str, text: &str) {
        let element = self.find(&field(label));
        self.driver.post(&format!("/element/{element}/clear"), &json!({}));
        self.driver.post(&format!("/element/{element}/value"), &json!({ "text": text }));
    }

    /// What a screen reader says of the field with this label: whether it is at fault, and why.
    #[track_caller]
    pub(crate) fn fault_of(&self, label: &str) -> Option<String> {
        let element = self.find(&field(label));
        let described = "const [field] = arguments;
            const texts = field.getAttribute('aria-describedby').split(' ').map((id) => document.getElementById(id).textContent);
            return field.ariaInvalid === 'true' ? texts.join(' ').trim() : null";
        self.run(described, &[json!({ ELEMENT: element })]).as_str().map(str::to_owned)
    }

    /// The accessible name of what has the focus.
    pub(crate) fn focused(&self) -> String {
        let active = self.driver.get("/element/active");
        let id = active[ELEMENT].as_str().unwrap();
        self.driver.get(&format!("/element/{id}/computedlabel")).as_str().unwrap_or_default().to_owned()
    }

    /// Presses and releases the key of every character, wherever the focus is.
    pub(crate) fn press(&self, keys: &str) {
        let kinds = ["keyDown", "keyUp"];
        let strokes = keys.chars().flat_map(|key| kinds.map(|kind| json!({"type": kind, "value": key})));
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": strokes.collect::<Vec<_>>()});
        self.driver.post("/actions", &json!({ "actions": [keyboard] }));
    }

    /// Runs a script of the test, not of the page: a promise that it returns is waited for.
    #[track_caller]
    pub(crate) fn run(&self, script: &str, arguments: &[Value]) -> Value {
        self.driver.post("/execute/sync", &json!({"script": script, "args": arguments}))
    }

    pub(crate) fn look(&self, dark: bool, width: u32) {
        let scheme = if dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", &media);
        let size = json!({"width": width, "height": 760, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", &size);
    }

    /// The whole page, also what one would have to scroll to, as a PNG.
    pub(crate) fn screenshot(&self) -> Vec<u8> {
        let size = &self.devtools("Page.getLayoutMetrics", &json!({}))["cssContentSize"];
        let clip = json!({"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1});
        let shot = self.devtools("Page.captureScreenshot", &json!({"captureBeyondViewport": true, "clip": clip}));
        STANDARD.decode(shot["data"].as_str().unwrap()).unwrap()
    }

    /// Errors and warnings on the console, but for answers that are refusals: those are part of the
    /// story. The advice that Chromium gives below that is not one of them.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let log = self.driver.post("/se/log", &json!({"type": "browser"}));
        let entries = log.as_array().unwrap().iter().filter(|entry| entry["source"] != "network");
        let entries = entries.filter(|entry| entry["level"] == "WARNING" || entry["level"] == "SEVERE");
        entries.map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    /// Duplicates the tab, with what its page has stored, and gives the handles of the old and the new.
    pub(crate) fn duplicate_tab(&self) -> [String; 2] {
        let old = self.driver.get("/window").as_str().unwrap().to_owned();
        self.run("window.open(location.href)", &[]);
        let tabs = self.driver.get("/window/handles");
        let mut tabs = tabs.as_array().unwrap().iter().map(|tab| tab.as_str().unwrap());
        let new = tabs.find(|tab| *tab != old).unwrap().to_owned();
        [old, new]
    }

    pub(crate) fn switch_to(&self, tab: &str) {
        self.driver.post("/window", &json!({ "handle": tab }));
    }

    /// The elements that are there now.
    pub(crate) fn count(&self, css: &str) -> u64 {
        self.run("return document.querySelectorAll(arguments[0]).length", &[json!(css)]).as_u64().unwrap()
    }

    fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.driver.post("/goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    #[track_caller]
    fn find(&self, xpath: &str) -> String {
        let found = self.driver.try_post("/element", &json!({"using": "xpath", "value": xpath}));
        let found = found.unwrap_or_else(|error| {
            let page = self.run("return document.body.innerText", &[]);
            panic!("{}: {xpath}\nat {}: {page}", error["error"], self.address())
        });
        found[ELEMENT].as_str().unwrap().to_owned()
    }
}

fn field(label: &str) -> String {
    format!("//*[@id=//label[starts-with(normalize-space(.),{})]/@for]", quoted(label))
}

/// A literal of `XPath` 1.0, which knows no escapes.
fn quoted(text: &str) -> String {
    if text.contains('"') { format!("'{text}'") } else { format!("\"{text}\"") }
}
