//! Writes the configuration that curl reads.

/// Lines of a configuration for `curl -K -`.
#[derive(Default)]
pub(crate) struct Config(Vec<u8>);

/// The error if the line of an option is too long for curl. The option is given.
pub(crate) struct LineTooLong(pub(crate) &'static str);

impl Config {
    /// curl gives up at 100 KB, which each version counts differently.
    const LINE_MAX: usize = 100_000;

    pub(crate) fn flag(&mut self, option: &str) {
        self.0.extend_from_slice(option.as_bytes());
        self.0.push(b'\n');
    }

    /// Adds a line for an option with a value. The value must not hold a NUL, which curl could not read.
    pub(crate) fn set(&mut self, option: &'static str, value: &[u8]) -> Result<(), LineTooLong> {
        let start = self.0.len();
        self.0.extend_from_slice(option.as_bytes());
        self.0.extend_from_slice(b" = \"");
        for byte in value {
            match byte {
                b'\n' => self.0.extend_from_slice(b"\\n"),
                b'\r' => self.0.extend_from_slice(b"\\r"),
                b'\t' => self.0.extend_from_slice(b"\\t"),
                0x0b => self.0.extend_from_slice(b"\\v"),
                b'"' | b'\\' => self.0.extend_from_slice(&[b'\\', *byte]),
                _ => self.0.push(*byte),
            }
        }
        self.0.extend_from_slice(b"\"\n");
        if self.0.len() - start > Self::LINE_MAX { Err(LineTooLong(option)) } else { Ok(()) }
    }

    pub(crate) fn text(&self) -> &[u8] {
        &self.0
    }
}
