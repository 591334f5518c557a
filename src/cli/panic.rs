//! Mistakes of ours: nobody sees a backtrace, everybody sees what to send.

use super::failure::Exit;
use std::io::Write;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Deep but allowed definitions recurse deeply; the main thread's stack belongs to the system and
/// may be small.
const STACK: usize = 256 << 20;

/// What is known of the first panic. It is told only when the run fails for it: a damaged file that
/// makes a reader panic is caught where it is read, and is no mistake of ours.
static FIRST: Mutex<Option<String>> = Mutex::new(None);

/// Reads what is asked on the thread that calls, which costs nothing where that is all; and does
/// the work on a thread of its own. A panic becomes exit code 70 and a message.
pub(super) fn guard<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, Exit>,
    work: impl FnOnce(T) -> Exit + Send + 'static,
) -> ExitCode {
    std::panic::set_hook(Box::new(|info| {
        first().get_or_insert_with(|| report(info));
    }));
    let exit = match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(asked)) => with_stack(move || work(asked)),
        Ok(Err(exit)) => exit,
        Err(_) => Exit::Internal,
    };
    if exit == Exit::Internal
        && let Some(report) = first().take()
    {
        // Nobody is left to hear when standard error is closed.
        let _ = write!(anstream::stderr().lock(), "{report}");
    }
    exit.into()
}

fn with_stack(work: impl FnOnce() -> Exit + Send + 'static) -> Exit {
    match std::thread::Builder::new().name("main".into()).stack_size(STACK).spawn(work) {
        Ok(thread) => thread.join().unwrap_or(Exit::Internal),
        Err(why) => {
            let _ = writeln!(
                anstream::stderr().lock(),
                "error: the system does not let yardstick begin: {why}\n  help: it needs {} MB of address space for its \
                 stack, of which it touches what it uses; a limit (`ulimit -v`) may be too low",
                STACK >> 20
            );
            Exit::Usage
        }
    }
}

fn first() -> MutexGuard<'static, Option<String>> {
    FIRST.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is said of a panic.
fn report(info: &PanicHookInfo<'_>) -> String {
    let what = info.payload_as_str().unwrap_or("no message");
    let place = info.location().map_or_else(|| "unknown".to_owned(), |l| format!("{}:{}", short(l.file()), l.line()));
    let command: Vec<_> = std::env::args_os().skip(1).map(|a| a.to_string_lossy().into_owned()).collect();
    format!(
        "\nerror: yardstick stopped because of a mistake of its own; the definitions and the data are not to blame\n\
         \x20 help: no file was written. Please send these lines to the maintainers, with the definitions if they may be shared:\n\n\
         \x20   version  {}\n\x20   command  yardstick {}\n\x20   place    {place}\n\x20   message  {what}\n",
        env!("CARGO_PKG_VERSION"),
        command.join(" "),
    )
}

/// A source file's path from its crate on: where the crate lies on the builder's machine is
/// nobody's business.
fn short(path: &str) -> &str {
    path.rfind("/src/").map_or(path, |at| {
        let crate_start = path.get(..at).and_then(|p| p.rfind('/')).map_or(0, |i| i + 1);
        path.get(crate_start..).unwrap_or(path)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_exit_code_70() {
        let code = guard(|| Ok(()), |()| panic!("a mistake made on purpose by a test"));
        let of_reading = guard(|| -> Result<(), Exit> { panic!("another one") }, |()| Exit::Fine);
        let _ = std::panic::take_hook();
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::from(70)));
        assert_eq!(format!("{of_reading:?}"), format!("{:?}", ExitCode::from(70)));
    }

    #[test]
    fn what_is_asked_is_read_on_the_thread_that_calls() {
        let (caller, (tell, told)) = (std::thread::current().id(), std::sync::mpsc::channel());
        let also = tell.clone();
        let read = move || tell.send(std::thread::current().id()).map_err(|_| Exit::Internal);
        let work = move |()| if also.send(std::thread::current().id()).is_ok() { Exit::Fine } else { Exit::Internal };
        let _ = guard(read, work);
        let _ = std::panic::take_hook();
        let threads: Vec<_> = told.iter().collect();
        assert_eq!(threads.iter().map(|thread| *thread == caller).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn the_builders_folders_are_not_shown() {
        assert_eq!(short("/home/x/registry/arrow-1.0/src/a.rs"), "arrow-1.0/src/a.rs");
        assert_eq!(short("src/cli/mod.rs"), "src/cli/mod.rs");
    }
}
