# --- texts that are fit for people and for what shows them, and strings of JSON, out of any bytes

# The same as components/visible.ts, which says why; and of the secrets of components/masked.ts those that the files have which this
# program changes. What it prints lies in the stack's state as well.
# shellcheck disable=SC2016 # awk's $, not the shell's
JSON_STRINGS='
  function init_strings(   i) { MASK = "********"; for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i }
  # The text in quotes, or the beginning of a long one with a mark that says so: each byte may become six, and a line has room
  # for 16 KiB.
  function quote(text,   whole) {
    whole = length(text)
    if (whole <= 2000) return "\"" escape(visible(text)) "\""
    return "\"" escape(visible(substr(text, 1, 2000))) " … (" whole " bytes in all)\""
  }
  function escape(text,   at, byte, result, bytes) {
    if (text !~ /[^ -~]|["\\]/) return text
    for (at = 1; at <= length(text); at += bytes) {
      byte = substr(text, at, 1)
      bytes = 1
      if (byte == "\"" || byte == "\\") result = result "\\" byte
      else if (code[byte] < 32 || code[byte] == 127) result = result "\\u00" hexadecimal(code[byte])
      else if (code[byte] < 128) result = result byte
      else if (bytes = sequence(text, at)) result = result substr(text, at, bytes)
      else { bytes = 1; result = result "\\ufffd" }
    }
    return result
  }
  # One line, with what is not seen shown by its number, and without what an engine or a runner would take for a command.
  function visible(text,   at, byte, result, bytes, point) {
    text = masked(text)
    gsub(/<\{%/, "<{ %", text)
    gsub(/##\[/, "## [", text)
    if (text ~ /^[ \t]*::/) sub(/::/, ": :", text)
    if (text !~ /[^ -~\t]/) return text
    for (at = 1; at <= length(text); at += bytes) {
      byte = substr(text, at, 1)
      bytes = 1
      if (code[byte] < 32 && byte != "\t" || code[byte] == 127) result = result mark(code[byte])
      else if (code[byte] < 128) result = result byte
      else if (bytes = sequence(text, at)) {
        point = point_of(text, at, bytes)
        result = result (is_hidden(point) ? mark(point) : substr(text, at, bytes))
      }
      else { bytes = 1; result = result "\357\277\275" }
    }
    return result
  }
  # Hashes, what is given to a name, and the words behind `password`.
  function masked(text,   low) {
    low = tolower(text)
    if (low !~ /pass|pw|secret|token|key|\$[0-9a-z]+\$/) return text
    text = mask_directive(mask_given(mask_hashes(text)))
    return text
  }
  function mask_hashes(text,   result, hash) {
    while (match(text, /\$[0-9a-z]+\$[.\/A-Za-z0-9$,=+-]+|grub\.pbkdf2\.[^ \t]+/)) {
      hash = substr(text, RSTART, RLENGTH)
      result = result substr(text, 1, RSTART - 1) (RLENGTH < 12 ? hash : MASK)
      text = substr(text, RSTART + RLENGTH)
    }
    return result text
  }
  function mask_given(text,   result, name, length_of, quoted) {
    while (match(tolower(text), /(pass(word|wd|phrase)?|pwd?|secret|token|(access|api|auth|encryption|secret)[_-]?key)[0-9]*["\047]?[ \t]*[=:][ \t]*/)) {
      name = substr(text, 1, RSTART + RLENGTH - 1)
      quoted = substr(text, RSTART + RLENGTH) ~ /^("[^"]*"|\047[^\047]*\047)/ ? substr(text, RSTART + RLENGTH, 1) : ""
      length_of = given(substr(text, RSTART + RLENGTH), substr(text, 1, RSTART - 1) ~ /,[A-Za-z0-9_.-]*$/)
      result = result name (length_of ? quoted MASK quoted : "")
      text = substr(text, length(name) + 1 + length_of)
    }
    return result text
  }
  # Characters of what is given: to the quote that closes it, to the next blank, or, in a list of options, to the next comma.
  function given(text, is_option) {
    if (match(text, /^"[^"]*"/) || match(text, /^\047[^\047]*\047/)) return RLENGTH
    if (is_option) return match(text, /^[^ \t,]+/) ? RLENGTH : 0
    return match(text, /^[^ \t]+/) ? RLENGTH : 0
  }
  function mask_directive(text,   result, word) {
    if (!match(tolower(text), /^[ \t]*[+-]?[ \t]*(lock[ \t]+)?password(_pbkdf2)?[ \t]+/)) return text
    result = substr(text, 1, RLENGTH)
    text = substr(text, RLENGTH + 1)
    if (text ~ /^[=:]/) return result text
    while (match(text, /[^ \t]+/)) {
      word = substr(text, RSTART, RLENGTH)
      result = result substr(text, 1, RSTART - 1) (word ~ /^--[a-z0-9]+$/ ? word : MASK)
      text = substr(text, RSTART + RLENGTH)
    }
    return result text
  }
  function mark(point) { return sprintf("\\u{%x}", point) }
  function point_of(text, at, bytes,   point, i) {
    point = code[substr(text, at, 1)] % (bytes == 2 ? 32 : bytes == 3 ? 16 : 8)
    for (i = 1; i < bytes; i++) point = point * 64 + code[substr(text, at + i, 1)] % 64
    return point
  }
  function is_hidden(point) {
    return point >= 128 && point <= 159 || point == 173 || point == 1564 || point == 6158 || point >= 8203 && point <= 8207 || \
      point >= 8232 && point <= 8238 || point >= 8288 && point <= 8303 || point == 65279 || point >= 65529 && point <= 65531 || \
      point >= 917504 && point <= 917631
  }
  function hexadecimal(number) { return sprintf("%02x", number) }
  # Bytes of the UTF-8 sequence that begins there; 0 where none does (RFC 3629).
  function sequence(text, at,   lead, second, bytes, i) {
    lead = code[substr(text, at, 1)]
    second = code[substr(text, at + 1, 1)]
    bytes = lead >= 194 && lead <= 223 ? 2 : lead >= 224 && lead <= 239 ? 3 : lead >= 240 && lead <= 244 ? 4 : 0
    if (lead == 224 && second < 160 || lead == 237 && second > 159) return 0
    if (lead == 240 && second < 144 || lead == 244 && second > 143) return 0
    for (i = 1; i < bytes; i++) if (!continues(substr(text, at + i, 1))) return 0
    return bytes
  }
  function continues(byte) { return byte != "" && code[byte] >= 128 && code[byte] <= 191 }
'
