//! Makes salts, the texts that are signed.

use core::fmt;

use crate::Error;

/// The number of random bytes that [`Salt::from_random_bytes`] takes.
pub(crate) const RANDOM_LEN: usize = 16;

/// The text that a signature covers. Use a fresh one for each request.
///
/// [`Salt::random`] and [`Salt::ten_digits`] return a fresh salt, with randomness from the operating system at each
/// call. No generator is kept in memory, because after a fork two processes would then get the same salts.
/// [`Salt::new`] takes a given salt.
#[derive(Clone)]
pub struct Salt<'a>(Repr<'a>);

#[derive(Clone)]
enum Repr<'a> {
    Fresh { text: [u8; Salt::LEN], len: usize },
    Given(&'a [u8]),
}

impl<'a> Salt<'a> {
    /// Length of the salts that [`Salt::random`] returns, in bytes.
    pub const LEN: usize = 32;
    /// Length of the longest salt, in bytes.
    pub const MAX_LEN: usize = 65_536;

    /// Takes a given salt: 1 to [`Salt::MAX_LEN`] bytes of any kind, but not `0`.
    ///
    /// # Errors
    ///
    /// [`Error::EmptySalt`] and [`Error::ZeroSalt`], because the server takes an empty salt and the salt `0` for a
    /// missing one; [`Error::SaltTooLong`] above [`Salt::MAX_LEN`].
    pub fn new(salt: &'a (impl AsRef<[u8]> + ?Sized)) -> Result<Self, Error> {
        match salt.as_ref() {
            [] => Err(Error::EmptySalt),
            [b'0'] => Err(Error::ZeroSalt),
            bytes if bytes.len() > Self::MAX_LEN => Err(Error::SaltTooLong),
            bytes => Ok(Salt(Repr::Given(bytes))),
        }
    }

    /// Returns 16 random bytes as a salt of 32 lower-case hexadecimal digits.
    ///
    /// This is for targets without an operating system. The bytes must come from a cryptographic generator and must not
    /// be used again.
    #[must_use]
    #[inline]
    pub fn from_random_bytes(random: [u8; RANDOM_LEN]) -> Salt<'static> {
        let mut text = [0; Self::LEN];
        for (digits, byte) in text.chunks_exact_mut(2).zip(random) {
            digits.copy_from_slice(&hexadecimal(byte));
        }
        Salt(Repr::Fresh { text, len: Self::LEN })
    }

    /// Returns the salt's bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Fresh { text, len } => &text[..*len],
            Repr::Given(bytes) => bytes,
        }
    }

    /// Returns whether the salt is a fresh one, whose digits and letters never need an escape.
    pub(crate) fn is_fresh(&self) -> bool {
        matches!(self.0, Repr::Fresh { .. })
    }

    /// Returns the salt as text.
    ///
    /// # Errors
    ///
    /// [`Error::SaltNotUtf8`] for a given salt that is not UTF-8.
    pub fn to_str(&self) -> Result<&str, Error> {
        core::str::from_utf8(self.as_bytes()).map_err(|_| Error::SaltNotUtf8)
    }
}

/// Returns a byte as two hexadecimal digits, computed together as the halves of one number. So the compiler can handle
/// eight bytes at a time.
fn hexadecimal(byte: u8) -> [u8; 2] {
    const LETTERS: u16 = (b'a' - b'0' - 10) as u16;
    let values = (u16::from(byte) >> 4 | u16::from(byte) << 8) & 0x0f0f;
    let above_nine = (values + 0x0606) >> 4 & 0x0101;
    (values + u16::from_ne_bytes([b'0'; 2]) + above_nine * LETTERS).to_le_bytes()
}

#[cfg(feature = "os-rng")]
mod os_rng {
    use super::{RANDOM_LEN, Repr, Salt};
    use crate::Error;
    use alloc::vec::Vec;
    use rand::{TryRng, rngs::SysRng};

    impl Salt<'_> {
        /// Returns a fresh salt of 32 lower-case hexadecimal digits: 128 bits from the operating system.
        ///
        /// # Errors
        ///
        /// [`Error::NoRandomness`] if the operating system gives no random bytes. There is no fallback to a weaker
        /// salt.
        pub fn random() -> Result<Salt<'static>, Error> {
            let mut random = [0; RANDOM_LEN];
            Salt::draw(&mut random)?;
            Ok(Salt::from_random_bytes(random))
        }

        /// Returns a fresh salt in the form of the vendor's sample: ten decimal digits, each value equally likely.
        ///
        /// It carries 33 bits. Prefer [`Salt::random`] unless something between you and the server needs a number.
        ///
        /// # Errors
        ///
        /// [`Error::NoRandomness`] if the operating system gives no random bytes.
        pub fn ten_digits() -> Result<Salt<'static>, Error> {
            const VALUES: u64 = 10_000_000_000;
            // Numbers above the last multiple of `VALUES` would make the low values more likely.
            const LIMIT: u64 = u64::MAX - u64::MAX % VALUES;
            const { assert!(LIMIT % VALUES == 0, "every value has as many numbers") };
            let mut number = loop {
                let mut random = [0; size_of::<u64>()];
                Salt::draw(&mut random)?;
                let number = u64::from_ne_bytes(random);
                if number < LIMIT {
                    break number % VALUES;
                }
            };
            let mut text = [0; Salt::LEN];
            for digit in text[..10].iter_mut().rev() {
                *digit = b"0123456789"[(number % 10) as usize];
                number /= 10;
            }
            Ok(Salt(Repr::Fresh { text, len: 10 }))
        }

        /// Returns `count` fresh salts like those of [`Salt::random`], with one call to the operating system.
        ///
        /// # Errors
        ///
        /// [`Error::NoRandomness`] if the operating system gives no random bytes; [`Error::OutOfMemory`].
        pub fn random_batch(count: usize) -> Result<impl Iterator<Item = Salt<'static>>, Error> {
            let mut random = Vec::new();
            random.try_reserve_exact(count).map_err(|_| Error::OutOfMemory)?;
            random.resize(count, [0; RANDOM_LEN]);
            Salt::draw(random.as_flattened_mut())?;
            Ok(random.into_iter().map(Salt::from_random_bytes))
        }

        /// Fills `random` with bytes from the operating system.
        pub(crate) fn draw(random: &mut [u8]) -> Result<(), Error> {
            SysRng.try_fill_bytes(random).map_err(|_| Error::NoRandomness)
        }
    }
}

impl AsRef<[u8]> for Salt<'_> {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Debug for Salt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Salt(\"{}\")", self.as_bytes().escape_ascii())
    }
}
