//! A headless Chromium, driven over a pipe by the protocol of its developer tools.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a page may take to become as it is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A page in a browser.
pub(super) struct Page {
    browser: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    session: Option<String>,
    number: u64,
    /// What the page logged, and what it did not catch.
    pub(super) complaints: Vec<String>,
    _profile: tempfile::TempDir,
}

impl Page {
    /// Opens a file as one does from a folder: without a server.
    pub(super) fn open(file: &Path, hash: &str) -> Self {
        let profile = tempfile::tempdir().unwrap();
        // The protocol takes its messages on descriptor 3 and gives them on 4.
        let mut browser = Command::new("sh")
            .args(["-c", "exec chromium \"$@\" 3<&0 4>&1", "chromium"])
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--remote-debugging-pipe", "--window-size=1400,900"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (to, from) = (browser.stdin.take().unwrap(), BufReader::new(browser.stdout.take().unwrap()));
        let mut page = Self { browser, to, from, session: None, number: 0, complaints: Vec::new(), _profile: profile };
        let target = page.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let attached = page.call("Target.attachToTarget", &json!({ "targetId": target["targetId"], "flatten": true }));
        page.session = attached["sessionId"].as_str().map(str::to_owned);
        for domain in ["Runtime.enable", "Log.enable", "Page.enable"] {
            page.call(domain, &json!({}));
        }
        let file = std::fs::canonicalize(file).unwrap();
        page.call("Page.navigate", &json!({ "url": format!("file://{}{hash}", file.display()) }));
        page
    }

    /// Calls a method and waits for its answer.
    pub(super) fn call(&mut self, method: &str, params: &Value) -> Value {
        self.number += 1;
        let number = self.number;
        let mut message = json!({ "id": number, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).unwrap();
        loop {
            let mut bytes = Vec::new();
            let read = self.from.read_until(0, &mut bytes).unwrap();
            assert!(read > 0, "the browser has gone");
            bytes.pop();
            let said: Value = serde_json::from_slice(&bytes).unwrap();
            if said["id"] == number {
                assert!(said.get("error").is_none(), "{method}: {said}");
                return said["result"].clone();
            }
            let complains = said["method"] == "Runtime.exceptionThrown" || said["params"]["entry"]["level"] == "error";
            if complains {
                self.complaints.push(said.to_string());
            }
        }
    }

    /// The value of an expression on the page; promises are waited for.
    pub(super) fn value(&mut self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let said = self.call("Runtime.evaluate", &asked);
        assert!(said.get("exceptionDetails").is_none(), "{expression}: {said}");
        said["result"]["value"].clone()
    }

    /// Waits until an expression is true; on a page that is not there yet it is not.
    pub(super) fn until(&mut self, expression: &str) {
        let begin = Instant::now();
        while self.value(&format!("(() => {{ try {{ return Boolean({expression}); }} catch {{ return false; }} }})()"))
            != true
        {
            if begin.elapsed() >= PATIENCE {
                let state = self.value("document.body.innerText");
                panic!("{expression} does not come true; {:?}; the page says {state}", self.complaints);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Types a text where the cursor stands, as a keyboard does.
    pub(super) fn type_text(&mut self, text: &str) {
        for letter in text.chars() {
            self.call("Input.insertText", &json!({ "text": letter.to_string() }));
        }
    }

    /// Presses a key and lets go.
    pub(super) fn press(&mut self, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Clicks in the middle of an element.
    pub(super) fn click(&mut self, selector: &str) {
        let place = self.value(&format!(
            "(() => {{ const it = document.querySelector({selector:?}); it.scrollIntoView({{ block: 'center' }}); \
             const at = it.getBoundingClientRect(); return [at.x + at.width / 2, at.y + at.height / 2]; }})()"
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", &event);
        }
    }

    /// What the page looks like, as a PNG in base64.
    pub(super) fn picture(&mut self) -> String {
        let said = self.call("Page.captureScreenshot", &json!({ "format": "png" }));
        said["data"].as_str().unwrap().to_owned()
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.browser.kill();
        let _ = self.browser.wait();
    }
}
