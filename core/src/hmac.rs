//! Computes HMAC-SHA256 with a key that is prepared once.
//!
//! The key enters HMAC as the first block of two hashes. Signing needs only their states after that block, so these are
//! kept. Each signature then costs two compressions for a salt of up to 55 bytes. The compression function is the
//! `sha2` crate's; the padding around it is here. The `hmac` crate takes 1.3 times as long, and its states cannot be
//! put into the signer's one allocation. The tests compare this module with it.

use core::ops::{Deref, DerefMut};

use sha2::block_api::compress256;
use zeroize::{DefaultIsZeroes, Zeroize};

/// Length of a SHA-256 state and of a MAC, in bytes.
pub(crate) const STATE_LEN: usize = 32;

const BLOCK_LEN: usize = 64;
/// Offset of the message's length in the last block.
const LENGTH_AT: usize = BLOCK_LEN - size_of::<u64>();

/// The state that SHA-256 starts from (FIPS 180-4).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// An array that is wiped when it is dropped. It wipes a slice in a few wide writes; `Zeroizing` would write the items
/// one by one, which takes as long as a compression.
#[derive(Clone)]
pub(crate) struct Wiped<T: DefaultIsZeroes, const N: usize>(pub(crate) [T; N]);

impl<T: DefaultIsZeroes, const N: usize> Drop for Wiped<T, N> {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}

impl<T: DefaultIsZeroes, const N: usize> Deref for Wiped<T, N> {
    type Target = [T; N];

    fn deref(&self) -> &[T; N] {
        &self.0
    }
}

impl<T: DefaultIsZeroes, const N: usize> DerefMut for Wiped<T, N> {
    fn deref_mut(&mut self) -> &mut [T; N] {
        &mut self.0
    }
}

/// A SHA-256 state in use. Anyone who has it can sign without the key.
type State = Wiped<u32, 8>;
type Block = Wiped<u8, BLOCK_LEN>;
/// A MAC, or a digest.
pub(crate) type Mac = Wiped<u8, STATE_LEN>;

/// Writes the two states of `key` into `inner` and `outer`, each [`STATE_LEN`] bytes.
pub(crate) fn prepare(key: &[u8], inner: &mut [u8], outer: &mut [u8]) {
    let mut padded: Block = Wiped([0; BLOCK_LEN]);
    if key.len() <= BLOCK_LEN {
        padded[..key.len()].copy_from_slice(key);
    } else {
        let mut state = Wiped(INITIAL);
        finish(&mut state, 0, key);
        write_digest(&state, &mut padded[..STATE_LEN]);
    }
    prepare_block(&padded, inner, outer);
}

/// Writes the two states for a key that is padded to a block.
fn prepare_block(padded: &Block, inner: &mut [u8], outer: &mut [u8]) {
    for (pad, out) in [(0x36, inner), (0x5c, outer)] {
        let block: Block = Wiped(padded.map(|byte| byte ^ pad));
        let mut state = Wiped(INITIAL);
        compress256(&mut state, core::slice::from_ref(&block));
        store_state(&state, out);
    }
}

/// Returns the MAC of `message` under the key of the two states.
pub(crate) fn mac((inner, outer): (&[u8], &[u8]), message: &[u8]) -> Mac {
    let mut state = load_state(inner);
    finish(&mut state, BLOCK_LEN, message);
    outer_mac(&state, outer)
}

/// Returns the MAC whose inner hash is `inner`.
fn outer_mac(inner: &State, outer: &[u8]) -> Mac {
    // The digest fills half of the outer block, so the padding is always the same.
    let mut block: Block = Wiped([0; BLOCK_LEN]);
    write_digest(inner, &mut block[..STATE_LEN]);
    block[STATE_LEN] = 0x80;
    block[LENGTH_AT..].copy_from_slice(&(8 * (BLOCK_LEN + STATE_LEN) as u64).to_be_bytes());
    let mut state = load_state(outer);
    compress256(&mut state, core::slice::from_ref(&block));
    let mut mac = Wiped([0; STATE_LEN]);
    write_digest(&state, &mut *mac);
    mac
}

/// Returns the MAC of a message that is not in one piece, under the key of the two states.
pub(crate) fn mac_of((inner, outer): (&[u8], &[u8]), message: impl Iterator<Item = u8>) -> Mac {
    let mut state = load_state(inner);
    finish_bytes(&mut state, BLOCK_LEN, message);
    outer_mac(&state, outer)
}

/// Returns the MAC of a message under a key of `key_len` bytes that is used once. Neither is in one piece.
pub(crate) fn mac_once(key_len: usize, key: &mut dyn Iterator<Item = u8>, message: impl Iterator<Item = u8>) -> Mac {
    let mut padded: Block = Wiped([0; BLOCK_LEN]);
    if key_len <= BLOCK_LEN {
        padded.iter_mut().zip(key).for_each(|(to, from)| *to = from);
    } else {
        padded[..STATE_LEN].copy_from_slice(&*hash(key));
    }
    let (mut inner, mut outer) = (Wiped([0; STATE_LEN]), Wiped([0; STATE_LEN]));
    prepare_block(&padded, &mut *inner, &mut *outer);
    mac_of((&*inner, &*outer), message)
}

/// Returns the SHA-256 digest of a text that is not in one piece.
pub(crate) fn hash(text: impl Iterator<Item = u8>) -> Mac {
    let mut state = Wiped(INITIAL);
    finish_bytes(&mut state, 0, text);
    let mut digest = Wiped([0; STATE_LEN]);
    write_digest(&state, &mut *digest);
    digest
}

/// Ends a hash: adds the last part of a message, of which `before` bytes are in the state already, and pads it.
fn finish(state: &mut State, before: usize, message: &[u8]) {
    let mut whole = message.chunks_exact(BLOCK_LEN);
    let mut block: Block = Wiped([0; BLOCK_LEN]);
    for chunk in &mut whole {
        block.copy_from_slice(chunk);
        compress256(state, core::slice::from_ref(&block));
    }
    let tail = whole.remainder();
    if message.len() >= BLOCK_LEN {
        block.fill(0);
    }
    block[..tail.len()].copy_from_slice(tail);
    pad(state, &mut block, tail.len(), before as u64 + message.len() as u64);
}

/// [`finish`] for a message that is not in one piece.
fn finish_bytes(state: &mut State, before: usize, message: impl Iterator<Item = u8>) {
    let mut block: Block = Wiped([0; BLOCK_LEN]);
    let (mut filled, mut len) = (0, before as u64);
    for byte in message {
        block[filled] = byte;
        (filled, len) = (filled + 1, len + 1);
        if filled == BLOCK_LEN {
            compress256(state, core::slice::from_ref(&block));
            block.fill(0);
            filled = 0;
        }
    }
    pad(state, &mut block, filled, len);
}

/// Pads the last block of a message of `len` bytes. Its first `filled` bytes are the end of the message; the others are
/// zero.
fn pad(state: &mut State, block: &mut Block, filled: usize, len: u64) {
    block[filled] = 0x80;
    if filled >= LENGTH_AT {
        compress256(state, core::slice::from_ref(block));
        block.fill(0);
    }
    block[LENGTH_AT..].copy_from_slice(&(8 * len).to_be_bytes());
    compress256(state, core::slice::from_ref(block));
}

/// Writes a state into the signer's memory, its words in the processor's byte order.
fn store_state(state: &State, out: &mut [u8]) {
    for (bytes, word) in out.chunks_exact_mut(4).zip(state.iter()) {
        bytes.copy_from_slice(&word.to_ne_bytes());
    }
}

fn load_state(bytes: &[u8]) -> State {
    let mut state = Wiped([0; 8]);
    for (word, bytes) in state.iter_mut().zip(bytes.chunks_exact(4)) {
        *word = u32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    state
}

/// Writes a state at the end of a hash as the digest.
fn write_digest(state: &State, out: &mut [u8]) {
    for (bytes, word) in out.chunks_exact_mut(4).zip(state.iter()) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::{STATE_LEN, Wiped, mac, prepare};
    use core::sync::atomic::{AtomicUsize, Ordering};
    use hmac::{Hmac, KeyInit, Mac};
    use std::vec;
    use zeroize::DefaultIsZeroes;

    /// Counts the zeros that are made for wiping, because reading wiped memory would need unsafe code.
    #[derive(Clone, Copy)]
    struct Secret;

    static ZEROS: AtomicUsize = AtomicUsize::new(0);

    impl Default for Secret {
        fn default() -> Self {
            ZEROS.fetch_add(1, Ordering::Relaxed);
            Secret
        }
    }

    impl DefaultIsZeroes for Secret {}

    #[test]
    fn a_wiped_array_is_zeroed_when_it_is_dropped_and_not_before() {
        let secret = Wiped([Secret; 4]);
        assert_eq!(ZEROS.load(Ordering::Relaxed), 0);
        drop(secret);
        assert_ne!(ZEROS.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn keys_and_messages_of_every_length_around_a_block_give_the_mac_of_the_hmac_crate() {
        for key_len in 1..=130 {
            let key = vec![key_len; usize::from(key_len)];
            let (mut inner, mut outer) = ([0; STATE_LEN], [0; STATE_LEN]);
            prepare(&key, &mut inner, &mut outer);
            for message_len in 0..=200 {
                let message = vec![0xa5; message_len];
                let mut expected = Hmac::<sha2::Sha256>::new_from_slice(&key).unwrap();
                expected.update(&message);
                assert_eq!(
                    *mac((&inner, &outer), &message),
                    *expected.finalize().into_bytes(),
                    "key of {key_len} bytes, message of {message_len}"
                );
            }
        }
    }
}
