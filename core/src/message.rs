//! Makes the messages of errors and diagnoses: the subject, then the rule or the cause.

/// Gives an enum the methods `all`, `subject` and `message`, and `Display`.
macro_rules! messages {
    ($type:ident, $doc:literal; $($variant:ident => $subject:literal: $text:literal,)*) => {
        impl $type {
            /// Returns every variant.
            pub fn all() -> impl Iterator<Item = Self> {
                [$(Self::$variant,)*].into_iter()
            }

            /// Returns the subject: an argument, or a part of the request. The message begins with it.
            #[must_use]
            pub const fn subject(self) -> &'static str {
                match self {
                    $(Self::$variant => $subject,)*
                }
            }

            #[doc = $doc]
            #[must_use]
            pub const fn message(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!($subject, ": ", $text),)*
                }
            }
        }

        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.message())
            }
        }
    };
}

pub(crate) use messages;
