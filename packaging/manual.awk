# Makes the library's manual page from its header: the comment above the guard, then each function with its comment.
#
#     awk -v version=VERSION -f manual.awk kayako_sign.h
#
# The header is regular: a comment of ` * ` lines, then a declaration; a group has a heading of its own.

function roff(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    gsub(/`/, "", text)
    if (text ~ /^[.']/) text = "\\&" text
    return text
}

# Prints a line of a comment. Indented lines are code; lines that begin with a dash are items of a list.
function say(text) {
    if (text ~ /^    /) {
        if (!literal) print ".PP\n.nf"
        literal = 1
    } else if (literal) {
        print ".fi\n.PP"
        literal = 0
    }
    if (literal) print roff(text)
    else if (text == "") print ".PP"
    else if (text ~ /^- /) print ".IP \\(bu 2\n" roff(substr(text, 3))
    else if (text ~ /^(`[a-z_`, ]*`: |Returns |Requires:$)/) print ".br\n" roff(text)
    else { sub(/^  /, "", text); print roff(text) }
}

NR == 1 {
    print ".TH kayako_sign 3 \" \" \"kayako-sign " version "\" \"Library Functions\""
    next
}

# The comment at the top: its first line is the name, the rest the description.
top == 0 && /^ \* kayako_sign.h - / {
    sub(/^ \* kayako_sign.h/, "kayako_sign")
    print ".SH NAME"
    sub(/ - /, " \\- ")
    print
    print ".SH SYNOPSIS\n.nf\n#include <kayako_sign.h>\n.fi\n.PP\ncc program.c \\-lkayako_sign\n.SH DESCRIPTION"
    top = 1
    next
}
top == 1 && /^ \*\// { top = 2; next }
top == 1 { sub(/^ \* ?/, ""); if (!/^Generated from/) say($0); next }

/^\/\* ---- / { gsub(/^\/\* ---- | ---- \*\/$/, ""); print ".SH " toupper($0); next }
/^\/\*\*$/ { comment = ""; in_comment = 1; next }
in_comment && /^ \*\/$/ { in_comment = 0; next }
in_comment { sub(/^ \* ?/, ""); comment = comment $0 "\n"; next }

# A function. Constants and types are in the header only.
/^[a-z].*[ *]kayako_[a-z_]*\(/ || declaration != "" {
    if (declaration == "") { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
    declaration = declaration $0 "\n"
    if (/;$/) {
        print ".SS " roff(name) "\n.nf\n" roff(declaration) ".fi\n.PP"
        count = split(comment, lines, "\n")
        for (i = 1; i < count; i++) say(lines[i])
        declaration = ""
    }
}

END { print ".SH SEE ALSO\nkayako\\-sign(1)" }
