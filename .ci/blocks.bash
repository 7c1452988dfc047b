# Reads the fenced blocks of a page that stand after a marker, `<!-- ci: NAME -->`. Sourced.

block() { # page, name: the first block after that marker
    awk -v marker="<!-- ci: $2 -->" '
        $0 == marker { marked = 1; next }
        marked && /^```/ { if (inside) exit; inside = 1; next }
        inside { print; lines++ }
        END { exit lines == 0 }' "$1"
}

script() { # page: a call for each marked block, in order: `step 'NAME' <<'END OF BLOCK'`
    awk '
        /^<!-- ci: .* -->$/ { name = $0; sub(/^<!-- ci: /, "", name); sub(/ -->$/, "", name); next }
        name && /^```/ {
            if (inside) { print "END OF BLOCK"; name = ""; inside = 0; blocks++ }
            else { inside = 1; print "step '\''" name "'\'' <<'\''END OF BLOCK'\''" }
            next
        }
        inside { print }
        END { exit blocks == 0 }' "$1"
}
