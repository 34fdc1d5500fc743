//! Waits for the signals that end the server.

use std::io;

pub(super) use system::Stop;

#[cfg(unix)]
mod system {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    use super::io;

    /// Ctrl-C and SIGTERM. While this exists, they do not end the process.
    pub(in super::super) struct Stop {
        interrupt: Signal,
        terminate: Signal,
    }

    impl Stop {
        pub(in super::super) fn new() -> io::Result<Self> {
            Ok(Stop { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
        }

        /// Waits for one of the signals.
        pub(in super::super) async fn asked(&mut self) {
            tokio::select! {
                _ = self.interrupt.recv() => {}
                _ = self.terminate.recv() => {}
            }
        }
    }
}

#[cfg(windows)]
mod system {
    use tokio::signal::windows::{CtrlC, ctrl_c};

    use super::io;

    /// Ctrl-C. While this exists, it does not end the process.
    pub(in super::super) struct Stop {
        ctrl_c: CtrlC,
    }

    impl Stop {
        pub(in super::super) fn new() -> io::Result<Self> {
            Ok(Stop { ctrl_c: ctrl_c()? })
        }

        /// Waits for Ctrl-C.
        pub(in super::super) async fn asked(&mut self) {
            self.ctrl_c.recv().await;
        }
    }
}
