//! Runs the server: accepts connections, writes the reports, and ends.

use std::io::{self, Write};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};
use tokio::task::spawn_local;
use tokio::time::{sleep, timeout};

use super::Helpdesk;
use super::body::Room;
use super::connection::{self, Shared};
use super::report::Report;
use super::stop::Stop;
use crate::Failure;

/// The number of connections that are served at the same time. The others wait until one of them ends.
const CONNECTIONS_MAX: u32 = 1_000;
/// The number of reports that may wait to be written. If there are more, requests wait.
const REPORTS_MAX: usize = 64;
/// The time that requests in progress get after the server was asked to stop.
const GRACE: Duration = Duration::from_millis(500);

pub(super) struct Server<'o, W> {
    shared: Rc<Shared>,
    reports: mpsc::Receiver<Report>,
    json: bool,
    out: &'o mut W,
}

impl<'o, W: Write> Server<'o, W> {
    pub(super) fn new(helpdesk: Helpdesk, json: bool, out: &'o mut W) -> Self {
        let (sender, reports) = mpsc::channel(REPORTS_MAX);
        let shared = Rc::new(Shared { helpdesk, room: Room::new(), reports: sender });
        Server { shared, reports, json, out }
    }

    /// Serves until it is asked to stop, or cannot write any more.
    pub(super) async fn serve(mut self, listener: TcpListener, mut stop: Stop) -> Result<(), Failure> {
        let slots = Arc::new(Semaphore::new(CONNECTIONS_MAX as usize));
        let (stopping, stopped) = watch::channel(false);
        loop {
            tokio::select! {
                () = stop.asked() => break,
                Some(report) = self.reports.recv() => self.write(&report)?,
                Some((stream, slot)) = accepted(&listener, &slots) => {
                    let served = connection::serve(Rc::clone(&self.shared), stream, stopped.clone());
                    spawn_local(async move {
                        served.await;
                        drop(slot);
                    });
                }
            }
        }
        drop(listener);
        let _ = stopping.send(true);
        // If every slot is free, every request is answered.
        let ended = slots.acquire_many(CONNECTIONS_MAX);
        let _ = timeout(GRACE, self.write_until(ended)).await;
        while let Ok(report) = self.reports.try_recv() {
            self.write(&report)?;
        }
        Ok(())
    }

    async fn write_until<T>(&mut self, end: impl Future<Output = T>) -> Result<(), Failure> {
        let mut end = std::pin::pin!(end);
        loop {
            tokio::select! {
                _ = end.as_mut() => return Ok(()),
                Some(report) = self.reports.recv() => self.write(&report)?,
            }
        }
    }

    /// Writes a report. An error is ignored on standard error, where only the report is lost.
    fn write(&mut self, report: &Report) -> io::Result<()> {
        if self.json {
            writeln!(self.out, "{}", report.to_json()?)?;
            return self.out.flush();
        }
        let _ = write!(io::stderr(), "{report}");
        Ok(())
    }
}

/// Accepts the next connection as soon as there is a slot for it.
async fn accepted(listener: &TcpListener, slots: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    /// The pause after an error, for example if the system has no room for another connection.
    const PAUSE: Duration = Duration::from_millis(50);
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // An answer is written in one piece, so waiting for more would only delay it.
                let _ = stream.set_nodelay(true);
                return Some((stream, slot));
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
}
