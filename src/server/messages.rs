//! The loop: requests are answered in their order, and findings are told when nothing more waits.

use crate::answers::{self, Refused, findings::Told};
use crate::capabilities;
use crate::session::Session;
use crate::{Broken, RunTest};
use gen_lsp_types::InitializeParams;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Serves until the editor says `exit` or goes away; whether it said `shutdown` before.
pub(crate) fn run(connection: &Connection, tests: Option<RunTest>) -> Result<bool, Broken> {
    let (id, params) = connection.initialize_start()?;
    let client: InitializeParams = match serde_json::from_value(params) {
        Ok(client) => client,
        Err(problem) => {
            let answer = Response::new_err(id, ErrorCode::InvalidParams as i32, problem.to_string());
            connection.sender.send(answer.into())?;
            return Err(problem.into());
        }
    };
    let columns = capabilities::columns(&client);
    let server = json!({ "name": "yardstick", "version": env!("CARGO_PKG_VERSION") });
    let result = json!({ "capabilities": capabilities::server(columns, tests.is_some()), "serverInfo": server });
    connection.initialize_finish(id, result)?;
    let session = Session::new(columns, capabilities::folders(&client), tests);
    let mut server = Server { connection, session, told: Told::default(), waiting: VecDeque::new(), shut_down: false };
    if capabilities::watches(&client) {
        server.watch()?;
    }
    server.serve()
}

struct Server<'c> {
    connection: &'c Connection,
    session: Session,
    told: Told,
    /// Messages that have come in and have not been looked at.
    waiting: VecDeque<Message>,
    shut_down: bool,
}

/// Whether the session goes on.
#[derive(PartialEq)]
enum Then {
    GoOn,
    End,
}

impl Server<'_> {
    fn serve(mut self) -> Result<bool, Broken> {
        loop {
            // What is cancelled is known before it is worked on, and what changes is checked once.
            self.waiting.extend(self.connection.receiver.try_iter());
            let message = match self.waiting.pop_front() {
                Some(message) => message,
                None => {
                    self.tell()?;
                    match self.connection.receiver.recv() {
                        Ok(message) => message,
                        Err(_) => return Ok(self.shut_down),
                    }
                }
            };
            if self.take(message)? == Then::End {
                return Ok(self.shut_down);
            }
        }
    }

    fn take(&mut self, message: Message) -> Result<Then, Broken> {
        match message {
            Message::Request(request) => self.answer(request)?,
            Message::Notification(notification) if notification.method == "exit" => return Ok(Then::End),
            Message::Notification(notification) => self.notice(notification),
            // The editor has done what it was asked to, or cannot.
            Message::Response(_) => {}
        }
        Ok(Then::GoOn)
    }

    fn answer(&mut self, request: Request) -> Result<(), Broken> {
        let Request { id, method, params } = request;
        let answer = if self.shut_down {
            Err(Refused::new(ErrorCode::InvalidRequest, "the session has been shut down"))
        } else if self.is_cancelled(&id) {
            Err(Refused::new(ErrorCode::RequestCanceled, "cancelled"))
        } else if method == "shutdown" {
            self.shut_down = true;
            Ok(Value::Null)
        } else {
            let session = &mut self.session;
            let work = AssertUnwindSafe(|| {
                session.check();
                answers::answer(session, &method, params)
            });
            // A mistake of the program must not take the editor's other answers away.
            catch_unwind(work).unwrap_or_else(|_| {
                self.session.load_anew();
                Err(Refused::new(
                    ErrorCode::InternalError,
                    "internal error: please report what was asked, and of which text",
                ))
            })
        };
        let response = match answer {
            Ok(result) => Response { id, response_result: Ok(result) },
            Err(Refused { code, message }) => Response::new_err(id, code as i32, message),
        };
        Ok(self.connection.sender.send(response.into())?)
    }

    /// Whether a message that waits takes a request back.
    fn is_cancelled(&self, id: &RequestId) -> bool {
        let of_message = |message: &Message| match message {
            Message::Notification(n) if n.method == "$/cancelRequest" => {
                n.params.get("id").is_some_and(|given| serde_json::to_value(id).is_ok_and(|id| id == *given))
            }
            Message::Notification(_) | Message::Request(_) | Message::Response(_) => false,
        };
        self.waiting.iter().any(of_message)
    }

    /// A notification has no answer; one that cannot be read changes nothing.
    fn notice(&mut self, notification: Notification) {
        let session = &mut self.session;
        let work = AssertUnwindSafe(|| answers::texts::notice(session, notification));
        if catch_unwind(work).is_err() {
            self.session.load_anew();
        }
    }

    /// Tells what is wrong with the texts, where that has changed.
    fn tell(&mut self) -> Result<(), Broken> {
        let (session, told) = (&mut self.session, &mut self.told);
        let work = AssertUnwindSafe(|| {
            session.check();
            told.news(session)
        });
        for news in catch_unwind(work).unwrap_or_default() {
            let notification = Notification::new("textDocument/publishDiagnostics".to_owned(), news);
            self.connection.sender.send(notification.into())?;
        }
        Ok(())
    }

    /// Asks to be told when a text changes on disk.
    fn watch(&mut self) -> Result<(), Broken> {
        let options = json!({ "watchers": [{ "globPattern": "**/*.ind" }] });
        let registration =
            json!({ "id": "texts", "method": "workspace/didChangeWatchedFiles", "registerOptions": options });
        let params = json!({ "registrations": [registration] });
        let request = Request::new("watch".to_owned().into(), "client/registerCapability".to_owned(), params);
        Ok(self.connection.sender.send(request.into())?)
    }
}
