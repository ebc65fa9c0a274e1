# --- bytes of files, by tools that every guest has

# bytes_at FILE OFFSET COUNT - as decimal numbers, a space between.
bytes_at() {
  dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | od -An -v -tu1 | tr -s ' \n' '  '
}

# text_at FILE OFFSET COUNT - its printable characters.
text_at() {
  dd if="$1" bs=1 skip="$2" count="$3" 2>/dev/null | tr -cd '\040-\176'
}

# size_of FILE - in bytes.
size_of() {
  wc -c <"$1" | tr -d ' '
}
