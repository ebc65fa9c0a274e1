# --- what a package manager said, for a message

# last_words - of the last command in the log: why it failed, else the last line that a person would look at.
last_words() {
  local words
  words=$(error_words "$LOG")
  [ -n "$words" ] || words=$(tr '\015' '\n' <"$LOG" | grep -v '^[[:space:]]*$' | tail -n 1)
  one_line "$words"
}

# words_of FILE - the same of a command whose words lie in a file of their own.
words_of() {
  local words
  words=$(error_words "$1")
  [ -n "$words" ] || words=$(grep -v '^[[:space:]]*$' "$1" | tail -n 1)
  one_line "$words"
}

# one_line TEXT - without its full stop, since a sentence goes on behind it, and of what zypper calls a failure of rpm's what rpm said.
one_line() {
  printf '%s\n' "$1" | tr -s ' \t\n' '   ' | sed 's/^ //; s/ $//; s/[.:]$//; s/^.*RPM failed: //' | cut -c 1-300
}

# error_words FILE - the first line that tells the cause; what comes after it are its consequences (`Sub-process dpkg returned an error
# code`, `Some index files failed to download`). A line that ends in a colon tells nothing without the next one, and zypper has the cause
# behind `History:`. Nothing where there is no such line.
error_words() {
  tr '\015' '\n' <"$1" | awk '
    /^# / { said = ""; open = 0; next }
    /^[ \t]*$/ { next }
    /^History:/ { next }
    open > 0 {
      said = said " " $0
      open--
      if ($0 ~ /:[ \t]*$/ && !open) open = 1
      # Behind it is all that rpm said, warnings first.
      if ($0 ~ /RPM failed:/) open = 3
      next
    }
    said != "" { next }
    /^E: (Some (index )?files failed|Sub-process|Unable to fetch some|Can not write log|Problem executing)/ { next }
    /^Problem occurred/ { next }
    /^(E:|W: Failed|Error|Installation of .* failed|error:|ERROR|dpkg(-query)?: error|No package |No [Mm]atch|No provider|Failed|File .* not found|You have enabled checking)/ ||
    /^ *Problem/ || /is invalid\.$/ || /is not signed/ || /^Public key for/ || /No space left on device/ || /[Ss]criptlet failed/ {
      said = $0
      if ($0 ~ /:[ \t]*$/ || $0 ~ /^ *Problem/) open = 1
      if ($0 ~ /is invalid\.$/ || $0 ~ /^You have enabled/) open = 2
    }
    END { print said }'
}

# script_failures - of packages that are in place all the same: rpm tells of them by a line, `%post(kernel-…) scriptlet failed`, behind what
# the script said.
script_failures() {
  tr '\015' '\n' <"$LOG" | awk '
    /%[a-z]+\(.*\) scriptlet failed/ {
      sub(/^.*%/, "%")
      print $0 (before == "" ? "" : " (" before ")")
    }
    /[^ \t]/ { before = $0 }' | cut -c 1-300
}
