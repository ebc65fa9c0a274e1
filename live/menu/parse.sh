# --- the language of menu.lst, as GRUB legacy 0.97 reads it: the same rules as the converter's model of a menu

# Commands that make an entry of a title (PV-GRUB has neither uuid nor quiet), and those of them that count before the first
# title. The first four are no commands of an entry.
# shellcheck disable=SC2034
MENU_SETTINGS="default fallback hiddenmenu timeout"
MENU_ANYWHERE="background bootp border color dhcp foreground hide ifconfig pager partnew parttype password print rarp serial setkey shade splashimage terminal terminfo tftpserver unhide viewport"
MENU_IN_ENTRIES="blocklist boot cat chainloader clear cmp configfile debug displayapm displaymem embed find fstest geometry halt help impsprobe initrd install ioprobe kernel lock makeactive map md5crypt module modulenounzip pause read reboot root rootnoverify savedefault setup testload testvbe uppermem vbeprobe"

# In awk: the number that a text begins with, or -1; `after` is what follows it. 0x is hexadecimal, 010 is ten.
# shellcheck disable=SC2016
NUMBER_AWK='
  function number(text,   digits, value, i, digit) {
    digits = "0123456789"
    text = tolower(text)
    if (substr(text, 1, 2) == "0x") { digits = "0123456789abcdef"; text = substr(text, 3) }
    value = -1
    for (i = 1; i <= length(text) && (digit = index(digits, substr(text, i, 1))) > 0; i++) {
      value = (value < 0 ? 0 : value) * length(digits) + digit - 1
      if (value > 2147483647) return -1
    }
    after = substr(text, i)
    return value
  }'

# parse_menu FILE - one line for each thing that decides what boots: `default`, `fallback`, `password`, and `entry` with the
# kernel with its device before it, the initrd likewise, the files that the last kernel takes the place of, the devices that `root`
# names, uuid, whether it is locked, whether it saves the default, the menu that it hands over to, the line it begins at, why it fails,
# the kernel's arguments, and its title.
parse_menu() {
  tr -d '\015' <"$1" | tr '\000' '\001' | awk -v settings=" $MENU_SETTINGS " -v anywhere=" $MENU_ANYWHERE " \
    -v in_entries=" $MENU_IN_ENTRIES " "$NUMBER_AWK"'
    BEGIN { US = "\037"; default_entry = 0; slots[0] = -1; for (i = 1; i < 8; i++) slots[i] = 0 }
    # A backslash before the line end reads as a space.
    { line = held $0; held = ""; first = first ? first : NR }
    line ~ /\\$/ { held = substr(line, 1, length(line) - 1) " "; next }
    { read_line(line); first = 0 }
    END {
      if (held != "") read_line(held)
      close_entry()
      print "default" US default_entry
      for (i = 0; has_fallback && i < 8 && slots[i] >= 0; i++) fallback = fallback " " slots[i]
      print "fallback" US fallback
      if (password) print "password" US "yes"
    }

    # The rest of a line of more than 1500 bytes is dropped; a NUL ends it.
    function read_line(line,   name, rest, known) {
      gsub(/\t/, " ", line)
      sub(/^ +/, "", line)
      if (line ~ /^#/) return
      line = substr(line, 1, 1500)
      sub(/\001.*$/, "", line)
      match(line, /^[^ =]*/)
      name = substr(line, 1, RLENGTH)
      rest = substr(line, RLENGTH + 1)
      sub(/^[ =]+/, "", rest)
      if (name == "") return
      known = index(settings anywhere in_entries, " " name " ")
      if (name == "title") { close_entry(); in_title = 1; title = rest; start = first; sub(/ +$/, "", title) }
      else if (in_title) { if (known) counts = 1; if (!started) read_entry(name, rest) }
      else if (name == "default") { if (rest == "saved") default_entry = rest; else if (number(rest) >= 0) default_entry = number(rest) }
      else if (name == "fallback") read_fallback(rest)
      else if (name == "password") password = 1
    }

    # A repeated number is left out, and an error where another one follows it; what stood before an error is in the list.
    function read_fallback(rest,   count, value, repeated, i) {
      for (count = 0; rest != "" && count < 8; ) {
        value = number(rest)
        if (value < 0) return
        rest = after
        repeated = 0
        for (i = 0; i < count; i++) if (slots[i] == value) repeated = 1
        if (!repeated) { slots[count++] = value; sub(/^[^ ]* */, "", rest) }
      }
      if (count < 8) slots[count] = -1
      has_fallback = count > 0
    }

    function read_entry(name, rest,   words) {
      split(rest, words, / +/)
      if (name == "root" || name == "rootnoverify") { if (words[1] != "") { root = words[1]; if (name == "root") roots = roots " " root } }
      else if (name == "uuid") { uuid = rest; sub(/ +$/, "", uuid) }
      else if (name == "lock") locked = "yes"
      else if (name == "savedefault") saves = "yes"
      else if (name == "boot") { if (kernel != "") started = 1; else early = 1 }
      else if (name == "configfile") { next_menu = rest; sub(/^\([^)]*\)/, "", next_menu) }
      else if (name == "initrd") { if (words[1] != "") { if (kernel == "") fail("its `initrd` stands before its `kernel`"); initrd = placed(words[1]) } }
      else if (name == "kernel") read_kernel(rest)
      else if (name == "password") fail("it asks for a password")
      else if (name == "pause") fail("it waits for a key (`pause`)")
      else if (index(settings, " " name " ")) fail("`" name "` cannot stand in an entry")
    }

    function read_kernel(rest) {
      if (early) fail("its `boot` stands before its `kernel`")
      if (kernel != "") earlier = earlier " " kernel
      if (initrd != "") earlier = earlier " " initrd
      initrd = ""
      while (rest ~ /^--(type=|no-mem-option)[^ ]* /) sub(/^[^ ]+ +/, "", rest)
      if (rest == "") return
      match(rest, /^[^ ]*/)
      kernel = placed(substr(rest, 1, RLENGTH))
      arguments = substr(rest, RLENGTH + 2)
    }

    function placed(file) { return file ~ /^\([^)]*\)/ ? file : root file }

    function fail(why) { if (failure == "") failure = why }

    function close_entry() {
      if (counts) print "entry" US kernel US initrd US earlier US roots US uuid US locked US saves US next_menu US start US failure US arguments US title
      in_title = counts = started = early = 0
      root = roots = kernel = initrd = earlier = uuid = locked = saves = next_menu = failure = arguments = ""
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
