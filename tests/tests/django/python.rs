use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use auth_tests::services::Service;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::minted::JWT_SECRET;

/// As many as a test has time for, on both sides.
pub(crate) const ITERATIONS: u32 = 1_000;

/// The Django project of `tests/django`, running on a database. It does many things at a time.
pub(crate) struct Python {
    child: Child,
    input: Mutex<Option<ChildStdin>>,
    asked: AtomicU64,
    waiting: Arc<Mutex<Waiting>>,
}

type Waiting = HashMap<u64, oneshot::Sender<Result<Value, String>>>;

impl Python {
    /// Starts it and makes its tables; `None`, and said so, without Django on this machine.
    pub(crate) async fn start(url: &str) -> Option<Self> {
        let program = Service::Django.program_or_say_so()?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("django");
        let mut child = Command::new(program)
            .args(["-B", "act.py"])
            .current_dir(folder)
            .env("DATABASE_URL", url)
            .env("JWT_SECRET", JWT_SECRET)
            .env("PBKDF2_ITERATIONS", ITERATIONS.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (child.stdin.take(), child.stdout.take().unwrap());
        let waiting = Arc::<Mutex<Waiting>>::default();
        let told = waiting.clone();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                hear(&line, &told);
            }
            // Whoever still waits is told that nothing comes.
            told.lock().unwrap().clear();
        });
        let python = Self { child, input: Mutex::new(input), asked: AtomicU64::new(0), waiting };
        assert!(python.asks(json!({ "do": "migrate" })).await.as_str().unwrap().starts_with("4.2."));
        Some(python)
    }

    /// Has it do something, and gives its answer.
    pub(crate) async fn asks(&self, mut what: Value) -> Value {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        what["id"] = number.into();
        let (sender, answer) = oneshot::channel();
        self.waiting.lock().unwrap().insert(number, sender);
        writeln!(self.input.lock().unwrap().as_mut().unwrap(), "{what}").unwrap();
        match answer.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => panic!("the Django project failed: {error}"),
            Err(gone) => panic!("the Django project has ended: {gone}"),
        }
    }

    /// Whether it says yes.
    pub(crate) async fn agrees(&self, what: Value) -> bool {
        self.asks(what).await.as_bool().unwrap()
    }
}

fn hear(line: &str, waiting: &Mutex<Waiting>) {
    let told: Value = serde_json::from_str(line).unwrap();
    let sender = waiting.lock().unwrap().remove(&told["id"].as_u64().unwrap()).unwrap();
    let result = match told.get("error") {
        Some(error) => Err(error.to_string()),
        None => Ok(told["answer"].clone()),
    };
    // A test that failed does not listen any more.
    let _ = sender.send(result);
}

impl Drop for Python {
    fn drop(&mut self) {
        // It ends when its input does.
        self.input.lock().unwrap().take();
        let _ = self.child.wait();
    }
}
