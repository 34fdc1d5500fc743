//! Splits a URL into its parts, and finds what the web server does with its path (stage 1).

use crate::{Error, Request};

/// The parts of a URL, as they are sent.
#[derive(Clone, Copy)]
pub(crate) struct Url<'a> {
    /// The text from the first slash after the host up to the query. Empty if there is none.
    pub(crate) path: &'a str,
    /// The text between the question mark and the fragment, or `None` if there is no question mark.
    pub(crate) query: Option<&'a str>,
    /// The text after the `#`. It is never sent.
    pub(crate) fragment: &'a str,
    /// The offset in the URL where the query begins, or would begin.
    pub(crate) query_offset: usize,
}

/// The effect of a path on the web server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Path<'a> {
    /// It runs `index.php`, which the path names or which is the directory's index.
    Script,
    /// It runs `index.php` with the rest of the path, which begins with a slash: the path-info. Not every server does.
    Info(&'a str),
    /// It runs nothing, unless a rewrite rule turns this text into a query of `index.php`.
    Rewritten(&'a str),
    /// It answers 404, because `%2F` is in a path that is more than a file's name.
    EscapedSlash,
    /// It belongs to the API of the hosted Kayako.
    Hosted,
    /// It belongs to the Staff API.
    Staff,
}

impl<'a> Url<'a> {
    /// Splits a URL, which may be a path alone, as in the first line of a request.
    pub(crate) fn of(url: &'a str) -> Self {
        let (sent, fragment) = split_once(url, b'#').unwrap_or((url, ""));
        let (location, query) = split_once(sent, b'?').map_or((sent, None), |(path, query)| (path, Some(query)));
        let path = match split_scheme(location) {
            Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
            None => location,
        };
        Url { path, query, fragment, query_offset: location.len() + usize::from(query.is_some()) }
    }

    /// Checks and splits a URL that will be signed.
    ///
    /// # Errors
    ///
    /// [`Error::UrlTooLong`], [`Error::UrlCharacter`], [`Error::UrlNotAbsolute`].
    pub(crate) fn checked(url: &'a str) -> Result<Self, Error> {
        if url.len() > Request::URL_MAX {
            return Err(Error::UrlTooLong);
        }
        // Without an early return, so that the compiler compares many bytes at once.
        let unfit = |byte: u8| !byte.is_ascii_graphic() || byte == b'\\';
        if url.bytes().fold(false, |found, byte| found | unfit(byte)) {
            return Err(Error::UrlCharacter);
        }
        let (scheme, rest) = split_scheme(url).ok_or(Error::UrlNotAbsolute)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        let is_web = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
        if !is_web || host.is_empty() || host.starts_with(':') {
            return Err(Error::UrlNotAbsolute);
        }
        Ok(Url::of(url))
    }

    /// Returns what the web server does with the path.
    pub(crate) fn path(&self) -> Path<'a> {
        const SCRIPT: &str = "index.php";
        let mut rest = self.path.trim_start_matches('/');
        let (mut before, mut after_api) = ("", rest);
        loop {
            let (segment, after) = rest.split_once('/').unwrap_or((rest, ""));
            let is_last = segment.len() == rest.len();
            match segment {
                "staffapi" => return Path::Staff,
                "v1" if before == "api" => return Path::Hosted,
                "" | SCRIPT if is_last => return Path::Script,
                SCRIPT => return self.unless_escaped(Path::Info(&rest[SCRIPT.len()..])),
                "api" if !is_last => after_api = after,
                _ if is_last => return self.unless_escaped(Path::Rewritten(after_api)),
                _ => {}
            }
            (before, rest) = (segment, after);
        }
    }

    fn unless_escaped(&self, path: Path<'a>) -> Path<'a> {
        if holds_escaped_slash(self.path) { Path::EscapedSlash } else { path }
    }

    /// Returns the first piece of the query.
    pub(crate) fn first_piece(&self) -> &'a str {
        self.query.unwrap_or_default().split('&').next().unwrap_or_default()
    }
}

/// Splits before the first `://` and after it, or returns `None`.
fn split_scheme(url: &str) -> Option<(&str, &str)> {
    let mut colons = memchr::memchr_iter(b':', url.as_bytes());
    colons.find_map(|at| Some((&url[..at], url[at..].strip_prefix("://")?)))
}

/// Splits at the first `separator`, an ASCII byte, or returns `None`. It compares many bytes at once, because a URL may
/// be long.
fn split_once(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = memchr::memchr(separator, text.as_bytes())?;
    Some((&text[..at], &text[at + 1..]))
}

/// Returns whether a text holds `%2F`, in either case.
pub(crate) fn holds_escaped_slash(text: &str) -> bool {
    text.as_bytes().windows(3).any(|escape| escape.eq_ignore_ascii_case(b"%2f"))
}

#[cfg(test)]
mod tests {
    use super::{Path, Url};

    #[test]
    fn a_path_is_a_script_or_path_info_or_left_to_rewrite_rules() {
        for (url, path) in [
            ("https://h", Path::Script),
            ("https://h?/Base/User", Path::Script),
            ("https://h/api/?/Base/User", Path::Script),
            ("/api/index.php?/Base/User", Path::Script),
            ("https://h/api/index.php/Base/User/1?a=1", Path::Info("/Base/User/1")),
            ("https://h/api/index.php/", Path::Info("/")),
            ("https://h/api/index.php/index.php", Path::Info("/index.php")),
            ("https://h/api/index.php/Base%2fUser", Path::EscapedSlash),
            ("https://h/a%2Fb/index.php?/Base/User", Path::Script),
            ("https://h/help/api/Base/User/1", Path::Rewritten("Base/User/1")),
            ("https://h/api/Base%2FUser", Path::EscapedSlash),
            ("https://h/api/index.php&a=1&e=/Base/User", Path::Rewritten("index.php&a=1&e=/Base/User")),
            ("https://h/Base/User", Path::Rewritten("Base/User")),
            ("https://h/api?/Base/User", Path::Rewritten("api")),
            ("https://h/api/v1/cases", Path::Hosted),
            ("https://h/api/v1", Path::Hosted),
            ("https://h/staffapi/index.php?/Core/Default/Login", Path::Staff),
        ] {
            assert_eq!(Url::of(url).path(), path, "{url}");
        }
    }
}
