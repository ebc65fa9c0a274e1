# --- what is told to people

# visible TEXT - its lines, made fit to be shown: see JSON_STRINGS.
visible() {
  case "$1" in
    *[!\ -~]* | *'<{%'* | *::* | *'##['* | *[=:\$]* | *assword*) printf '%s\n' "$1" | visible_lines ;;
    *) printf '%s\n' "$1" ;;
  esac
}

# visible_lines - the same for each line of standard input.
visible_lines() {
  awk "$JSON_STRINGS"'BEGIN { init_strings() } { print visible($0) }'
}
