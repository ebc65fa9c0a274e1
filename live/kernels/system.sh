# --- what a menu's `kernel` starts

# system_in PATH - the name of what it starts where that is no Linux; nothing where it is Linux. By the content of the file;
# by the name where there is no such file or its bytes tell nothing.
system_in() {
  local file="$ROOT$1" text
  if [ -f "$file" ] && is_bzimage "$file"; then
    text=$(bzimage_text "$file")
    case "$text" in [0-9]*) return ;; esac
    if grep -i memtest86 "$file" >/dev/null 2>&1; then printf 'memtest86+\n' && return; fi
    text=$(printf '%s\n' "$text" | sed -n 's/^\([A-Za-z][A-Za-z0-9_.+-]*\).*/\1/p')
    [ "$text" = Linux ] || [ -z "$text" ] || printf '%s\n' "$text"
    return
  fi
  if [ -f "$file" ] && [ "$(text_at "$file" 1 3)" = ELF ]; then
    # Linux names its version in itself; FreeBSD and NetBSD name themselves in the header (elf.h, EI_OSABI).
    # shellcheck disable=SC2046 # one number
    set -- "$1" $(bytes_at "$file" 7 1)
    case "${2:-0}" in 2) printf 'NetBSD\n' && return ;; 9) printf 'FreeBSD\n' && return ;; 12) printf 'OpenBSD\n' && return ;; esac
    return
  fi
  case "${1##*/}" in memtest* | xen | xen-syms* | xen-[0-9]*.gz | xen.gz | xen.efi) printf 'not Linux by its name\n' ;; esac
  :
}
