# --- what an initramfs holds

# list_initramfs FILE - writes the paths of its files to $WORK/initramfs, and sets INITRAMFS_PROBLEM to why they cannot all be
# told. It may be several archives one after the other, packed or not, with zeros between: the first ones are often CPU
# microcode, where a tool that stops there finds no driver at all.
list_initramfs() {
  local offset=0 size
  INITRAMFS_PROBLEM=
  : >"$WORK/initramfs"
  size=$(size_of "$1")
  while :; do
    offset=$(skip_zeros "$1" "$offset" "$size")
    [ "$offset" -lt "$size" ] || break
    case "$(text_at "$1" "$offset" 6)" in
      070701 | 070702) offset=$(walk_archive "$1" "$offset" "$size") || break ;;
      *) list_packed "$1" "$offset"; break ;;
    esac
  done
  [ "$size" -gt 0 ] || INITRAMFS_PROBLEM="there is nothing in it"
}

# skip_zeros FILE OFFSET SIZE - where the next byte is that is not zero. Archives begin at multiples of four.
skip_zeros() {
  local at="$2" found
  while [ "$at" -lt "$3" ]; do
    found=$(dd if="$1" bs=4 skip=$((at / 4)) count=1024 2>/dev/null | od -An -v -tu1 |
      awk '!found { for (i = 1; i <= NF; i++) if ($i) { print n + i - 1; found = 1; break } n += NF }')
    [ -z "$found" ] || { printf '%s\n' $((at + found)) && return; }
    at=$((at + 4096))
  done
  printf '%s\n' "$3"
}

# More members than an archive of microcode ever has: then it is the whole initramfs, unpacked, and is searched at once.
MOST_MEMBERS=100

# walk_archive FILE OFFSET SIZE - adds the paths of an unpacked archive and prints where it ends (newc: kernel documentation,
# buffer-format.rst).
walk_archive() {
  local at="$2" header name data length members=0
  while [ "$members" -lt "$MOST_MEMBERS" ]; do
    header=$(text_at "$1" "$at" 110)
    case "$header" in 07070[12]*) [ ${#header} = 110 ] ;; *) false ;; esac || { printf '%s\n' "$3" && return; }
    length=$(hexadecimal "$header" 95)
    data=$(hexadecimal "$header" 55)
    name=$(text_at "$1" $((at + 110)) "$length")
    at=$((at + (110 + length + 3) / 4 * 4 + (data + 3) / 4 * 4))
    [ "$name" != 'TRAILER!!!' ] || { printf '%s\n' "$at" && return; }
    printf '%s\n' "$name" >>"$WORK/initramfs"
    members=$((members + 1))
  done
  names_in <"$1" >>"$WORK/initramfs"
  printf '%s\n' "$3"
}

# hexadecimal HEADER COLUMN - the number of eight digits there.
hexadecimal() {
  printf '%d\n' "0x$(printf '%s' "$1" | cut -c "$2-$(($2 + 7))")"
}

# names_in - the paths of all archives in what it reads. A header is 110 characters before each name, and a NUL behind it;
# cpio itself would stop at the first archive's end. Whatever is no character ends a line: squeezing them would take five times as long.
names_in() {
  tr -c '\040-\176' '\n' | grep '07070[12]' |
    sed -n 's/^.*07070[12][0-9A-Fa-f]\{104\}\(.*\)$/\1/p'
}

# list_packed FILE OFFSET - adds the paths of the packed archive that begins there. Fails, with INITRAMFS_PROBLEM, where it
# cannot be read to its end.
list_packed() {
  local packing unpack status
  packing=$(packing_at "$1" "$2")
  [ -n "$packing" ] || { INITRAMFS_PROBLEM="byte $2 begins neither a cpio archive nor a packing that Linux knows" && return 1; }
  unpack=$(unpacker "$packing") ||
    { INITRAMFS_PROBLEM="it is packed with $packing, and this machine has no program that unpacks it" && return 1; }
  # shellcheck disable=SC2086 # the program and its options
  { tail -c +$(($2 + 1)) "$1" | { $unpack 2>/dev/null || printf '%s' $? >"$WORK/unpacked"; } | names_in; } >"$WORK/names"
  status=$(cat "$WORK/unpacked" 2>/dev/null) || :
  rm -f "$WORK/unpacked"
  cat "$WORK/names" >>"$WORK/initramfs"
  # Whatever the program says of bytes behind the end (gzip: status 2), the archive's own end tells.
  grep '^TRAILER!!!' "$WORK/names" >/dev/null && return
  INITRAMFS_PROBLEM="its $packing part holds no whole cpio archive${status:+ ($packing ended with status $status)}"
  return 1
}

# packing_at FILE OFFSET - by the first bytes (Linux, lib/decompress.c).
packing_at() {
  case "$(bytes_at "$1" "$2" 6 | sed 's/^ *//')" in
    "31 139 8 "*) printf 'gzip\n' ;;
    "66 90 104 "*) printf 'bzip2\n' ;;
    "253 55 122 88 90 0"*) printf 'xz\n' ;;
    "93 0 0 "*) printf 'lzma\n' ;;
    "137 76 90 79 "*) printf 'lzop\n' ;;
    "2 33 76 24 "*) printf 'lz4\n' ;;
    "40 181 47 253 "*) printf 'zstd\n' ;;
  esac
}

# unpacker PACKING - the command that unpacks standard input, of this machine; fails where there is none. An xz that is
# busybox's own knows no --format, so unlzma comes first.
unpacker() {
  case "$1" in
    lzma) if has_command unlzma; then printf 'unlzma -c\n'; else has_command xz && printf 'xz -dc --format=lzma\n'; fi ;;
    *) has_command "$1" && printf '%s -dc\n' "$1" ;;
  esac
}

# has_command NAME - whether this machine has it.
has_command() {
  command -v "$1" >/dev/null 2>&1
}
