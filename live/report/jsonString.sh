# --- strings of JSON, out of any bytes

JSON_STRINGS='
  function init_strings(   i) { for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i }
  # The text in quotes, or the beginning of a long one with a mark that says so: each byte may become six, and a line has room
  # for 16 KiB.
  function quote(text,   whole) {
    whole = length(text)
    if (whole <= 2000) return "\"" escape(text) "\""
    return "\"" escape(substr(text, 1, 2000)) " … (" whole " bytes in all)\""
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
