# --- the language of menu.lst, as GRUB legacy reads it

# parse_menu FILE - one line for each thing that decides what boots: `default`, `fallback`, `password`, and `entry` with its
# device, kernel, initrd, whether it is locked, the menu that it hands over to, the line it begins at, and its title.
parse_menu() {
  tr -d '\000\015' <"$1" | awk '
    BEGIN { US = "\037"; default_entry = 0; entries = 0 }
    # A backslash before the line end reads as a space.
    { line = held $0; held = ""; first = first ? first : NR }
    line ~ /\\$/ { held = substr(line, 1, length(line) - 1) " "; next }
    { read(line); first = 0 }
    END {
      if (held != "") read(held)
      close_entry()
      print "default" US default_entry
      print "fallback" US fallback
      if (password) print "password" US "yes"
    }

    function read(line,   name, rest) {
      sub(/^[ \t]+/, "", line)
      if (!match(line, /^[a-z][A-Za-z0-9_]*/)) return
      name = substr(line, 1, RLENGTH)
      rest = substr(line, RLENGTH + 1)
      if (rest != "" && rest !~ /^[ \t=]/) return
      sub(/^[ \t=]+/, "", rest)
      sub(/[ \t]+$/, "", rest)
      if (name == "title") { close_entry(); entries++; title = rest; start = first }
      else if (entries) read_entry(name, rest)
      else if (name == "default") default_entry = rest == "saved" ? rest : int(rest)
      else if (name == "fallback") fallback = rest
      else if (name == "password") password = 1
    }

    function read_entry(name, rest,   words) {
      split(rest, words, /[ \t]+/)
      if (name == "root" || name == "rootnoverify") device = words[1]
      else if (name == "lock") locked = "yes"
      else if (name == "configfile") next_menu = without_device(rest)
      else if (name == "initrd") initrd = without_device(words[1])
      else if (name == "kernel") read_kernel(rest)
    }

    function read_kernel(rest,   words, count, i) {
      count = split(rest, words, /[ \t]+/)
      for (i = 1; i <= count && words[i] ~ /^--/; i++) ;
      if (i > count) return
      kernel = without_device(words[i])
      if (words[i] ~ /^\([^)]*\)/) device = substr(words[i], 1, index(words[i], ")"))
    }

    function without_device(file) { sub(/^\([^)]*\)/, "", file); return file }

    function close_entry() {
      if (entries) print "entry" US device US kernel US initrd US locked US next_menu US start US title
      device = kernel = initrd = locked = next_menu = ""
    }'
}

# is_grub2_script FILE - Debian 6 and 7 keep a legacy menu under the name grub.cfg: the name says nothing.
is_grub2_script() {
  grep -E '^[[:space:]]*(menuentry|submenu|linux(16|efi)?|set[[:space:]]+[A-Za-z0-9_]+=|insmod)([^A-Za-z0-9_]|$)' "$1" >/dev/null 2>&1 &&
    ! grep -E '^[[:space:]]*title([^A-Za-z0-9_]|$)' "$1" >/dev/null 2>&1
}

# is_linux_file PATH - whether `kernel` starts Linux: memtest86+ and the Xen hypervisor are started by it too. By the file's
# content (system_in), and by its name where that says nothing.
is_linux_file() {
  [ -z "$(system_in "$1")" ]
}

# chain_loads PATH - whether it is a second boot loader (CoreOS's pvboot, NixOS's grub.xen).
chain_loads() {
  printf '%s\n' "${1##*/}" | grep -iE '^(pvboot|pv-?grub)|grub.*xen|^core.*xen|^core\.img$' >/dev/null
}
