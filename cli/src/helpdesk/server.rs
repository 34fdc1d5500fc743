//! The server: takes connections, writes the reports, and ends.

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

/// How many connections are served at a time. The others wait until one of them ends.
const CONNECTIONS_MAX: u32 = 1_000;
/// How many reports may wait to be written, before the requests do.
const REPORTS_MAX: usize = 64;
/// How long requests that are being answered may take once the server is to end.
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

    /// Serves until it is asked to stop, or can write no more.
    pub(super) async fn serve(mut self, listener: TcpListener, mut stop: Stop) -> Result<(), Failure> {
        let places = Arc::new(Semaphore::new(CONNECTIONS_MAX as usize));
        let (stopping, stopped) = watch::channel(false);
        loop {
            tokio::select! {
                () = stop.asked() => break,
                Some(report) = self.reports.recv() => self.write(&report)?,
                Some((stream, place)) = accepted(&listener, &places) => {
                    let served = connection::serve(Rc::clone(&self.shared), stream, stopped.clone());
                    spawn_local(async move {
                        served.await;
                        drop(place);
                    });
                }
            }
        }
        drop(listener);
        let _ = stopping.send(true);
        // When every place is free, every request is answered.
        let ended = places.acquire_many(CONNECTIONS_MAX);
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

    /// Writes a report. On standard error that is all that a user may lose.
    fn write(&mut self, report: &Report) -> io::Result<()> {
        if self.json {
            writeln!(self.out, "{}", report.to_json()?)?;
            return self.out.flush();
        }
        let _ = write!(io::stderr(), "{report}");
        Ok(())
    }
}

/// Takes the next connection once there is a place for it.
async fn accepted(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    /// How long to wait where the system has no room for one more.
    const PAUSE: Duration = Duration::from_millis(50);
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // An answer is written as a whole.
                let _ = stream.set_nodelay(true);
                return Some((stream, place));
            }
            Err(_) => sleep(PAUSE).await,
        }
    }
}
