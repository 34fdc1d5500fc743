//! The signals that end the server.

use std::io;

pub(super) use system::Stop;

#[cfg(unix)]
mod system {
    use tokio::signal::unix::{Signal, SignalKind, signal};

    use super::io;

    /// Ctrl-C and SIGTERM, which from now on end the process no more.
    pub(in super::super) struct Stop {
        interrupt: Signal,
        terminate: Signal,
    }

    impl Stop {
        pub(in super::super) fn new() -> io::Result<Self> {
            Ok(Stop { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
        }

        /// Waits for one of them.
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

    /// Ctrl-C, which from now on ends the process no more.
    pub(in super::super) struct Stop {
        ctrl_c: CtrlC,
    }

    impl Stop {
        pub(in super::super) fn new() -> io::Result<Self> {
            Ok(Stop { ctrl_c: ctrl_c()? })
        }

        /// Waits for it.
        pub(in super::super) async fn asked(&mut self) {
            self.ctrl_c.recv().await;
        }
    }
}
