# --- arguments of the kernel that HVM does not bear, or may not. Their table is the converter's
# (converter/guest/commandLine/argumentTable.json, by live/argumentRules.mjs): argument_rules prints its rows, those of what is taken out first.

# warn_arguments - of the entry that boots today, in the converter's words.
warn_arguments() {
  local kind word harm
  judge_arguments "$(entry_field "$TODAY_ENTRY" 8)" >"$WORK/arguments"
  while IFS=$US read -r kind word harm; do
    case "$kind" in
      goes) warn "$MENU: the entry that boots has $word: $harm. A conversion takes it out." ;;
      stays) warn "$MENU: the entry that boots has $word: $harm. A conversion leaves it as it is: take it out where nothing needs it." ;;
    esac
  done <"$WORK/arguments"
}

# judge_arguments COMMAND-LINE - `goes US WORD US HARM` for each word or part of one that is taken out, then `stays US …` for each
# that stays and may do harm. Words as Linux reads them: double quotes alone keep white space together, a dash in a name is an
# underscore, and what stands behind `--` is init's.
judge_arguments() {
  { printf '%s\n' "$1" && argument_rules; } | awk '
    BEGIN { FS = US = "\037" }
    NR == 1 { read_words($0); next }
    $1 == "stays" && !cleaned { for (w = 1; w <= words; w++) word[w] = left[w]; cleaned = 1 }
    { for (w = 1; w <= words; w++) if (!told[w] && fits(word[w])) {
        print $1 US word[w] US $6
        if ($1 == "goes") left[w] = without(left[w]); else told[w] = 1
    } }

    function read_words(line,   one) {
      while (1) {
        sub(/^[ \t\v\f\r]+/, "", line)
        if (line == "") return
        one = ""
        while (line != "" && line !~ /^[ \t\v\f\r]/) {
          if (!match(line, /^"[^"]*"/) && !match(line, /^[^" \t\v\f\r]+/)) match(line, /^.*$/)
          one = one substr(line, 1, RLENGTH)
          line = substr(line, RLENGTH + 1)
        }
        one = understood(one)
        if (one == "--") return
        word[++words] = left[words] = one
      }
    }
    # The word without quotes around the whole and around its value; `name` and `value` are its parts.
    function understood(one,   at) {
      one = bare(one)
      at = index(one, "=")
      name = at ? substr(one, 1, at - 1) : one
      value = at ? bare(substr(one, at + 1)) : ""
      return at ? name "=" value : name
    }
    function bare(text) { return text ~ /^"[^"]*"$/ ? substr(text, 2, length(text) - 2) : text }

    # Whether the rule of this line fits: `item` has the parts of the value that it asks, `hit` those that do not fit.
    function fits(one,   count, i, found) {
      understood(one)
      gsub(/-/, "_", name)
      rest = ""
      if (one == "" || !index(" " $2 " ", " " name " ")) return 0
      if ($3 == "word" || value == "") return passes(value)
      count = split(value, item, ",")
      for (i = 1; i <= count; i++) if (passes(item[i])) found = 1; else rest = rest "," item[i]
      return found
    }
    function passes(text) {
      if ($4 == "below") return text ~ /^[0-9]/ && bytes(text) < $5 + 0
      return $4 == "lacks" ? text !~ $5 : text ~ $5
    }
    # What is left of a word, of which more may have gone already.
    function without(one) {
      fits(one)
      return rest == "" ? "" : substr(one, 1, index(one, "=")) substr(rest, 2)
    }

    # As Linux reads an amount of memory: 0x and 0 before a number, and a unit behind it.
    function bytes(text,   digits, base, value, i, digit) {
      text = tolower(text)
      digits = "0123456789abcdef"
      base = 10
      if (text ~ /^0x[0-9a-f]/) { base = 16; text = substr(text, 3) }
      else if (text ~ /^0[0-7]+([^0-9]|$)/) base = 8
      for (i = 1; i <= length(text) && (digit = index(digits, substr(text, i, 1))) && digit <= base; i++) value = value * base + digit - 1
      # By multiplication: a busybox without mathematics has no powers.
      for (digit = i > length(text) ? 0 : index("kmgt", substr(text, i, 1)); digit > 0; digit--) value *= 1024
      return value + 0
    }'
}
