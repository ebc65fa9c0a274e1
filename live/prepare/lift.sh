# --- configuration that would leave a driver out, or end the program that makes an initramfs: lifted before packages are installed, whose
# scripts make one, as the conversion does it

# lift_configuration - fails where a file could not be written.
lift_configuration() {
  local file
  for file in $(lifted_files); do
    case "$GENERATOR" in
      mkinitrd) lift_file "$file" "$RENAME_XEN_MODULES" "xenblk, xennet: the HVM kernel has no module of that name, and mkinitrd ends where one is missing" ;;
      dracut) lift_file "$file" "$KEEP_DRIVERS" "omit_drivers: what an instance family has its disk or its network by may be in an initramfs" && build_for_all "$file" ;;
    esac || finish_failed "$file could not be written." "the drivers of an HVM kernel in it." "Look at $LOG and the disk, then run it again."
  done
}

# build_for_all FILE - a dracut without --no-hostonly makes the image for this machine's hardware where its configuration says so.
build_for_all() {
  grep -e --no-hostonly "$(program_path dracut)" >/dev/null ||
    lift_file "$1" "$NOT_HOST_ONLY" 'hostonly → "no": it would make the image for the hardware of the machine that it is made on'
}

# lifted_files - every file of the generator's own configuration.
lifted_files() {
  local file
  case "$GENERATOR" in
    mkinitrd) set -- /etc/sysconfig/mkinitrd /etc/sysconfig/mkinitrd/* ;;
    dracut) set -- /etc/dracut.conf /etc/dracut.conf.d/*.conf ;;
    *) set -- ;;
  esac
  for file; do [ ! -f "$file" ] || printf '%s\n' "$file"; done
}

# lift_file FILE AWK-PROGRAM REASON
lift_file() {
  awk "$2" "$1" >"$WORK/new" || return 1
  cmp -s "$1" "$WORK/new" || write_file "$1" "$WORK/new" "$3"
}

# A builder's list (ami-creator's): the PV kernel's names, and what Red Hat 5's HVM kernels call the same.
# shellcheck disable=SC2016
RENAME_XEN_MODULES='/^[ \t]*(export[ \t]+)?(MODULES|PREMODS)\+?=/ {
    line = $0; $0 = ""; done_ = ""
    while (match(line, /[A-Za-z0-9_-]+/)) {
      word = substr(line, RSTART, RLENGTH)
      done_ = done_ substr(line, 1, RSTART - 1) (word == "xenblk" ? "xen-vbd" : word == "xennet" ? "xen-vnif" : word)
      line = substr(line, RSTART + RLENGTH)
    }
    $0 = done_ line
  }
  { print }'

# Words of omit_drivers are patterns for any part of a name. awk ends at one that is none (`*foo`), so nothing falls under what is none.
# shellcheck disable=SC2016
KEEP_DRIVERS='function is_pattern(text) {
    gsub(/\[[^][]+\]/, "x", text)
    while (sub(/\([A-Za-z0-9_.]+([|][A-Za-z0-9_.]+)*\)/, "x", text)) ;
    return text ~ /^\^?[A-Za-z0-9_.]+[*+?]?([A-Za-z0-9_.]+[*+?]?|[|][A-Za-z0-9_.]+[*+?]?)*[$]?$/
  }
  /^[ \t]*omit_drivers\+?=["\047]/ {
    count = split("xen-platform-pci xen-blkfront xen-netfront nvme ena sd_mod ata_generic ata_piix ahci e1000 virtio_pci virtio_blk virtio_net", module, " ")
    match($0, /=["\047]/)
    start = substr($0, 1, RSTART + 1); rest = substr($0, RSTART + 2); quote = substr($0, RSTART + 1, 1)
    end = index(rest, quote)
    if (end) {
      words = split(substr(rest, 1, end - 1), word, " ")
      kept = ""; lost = 0
      for (i = 1; i <= words; i++) {
        pattern = word[i]; gsub(/-/, "_", pattern); falls = 0
        for (j = 1; j <= count; j++) { name = module[j]; gsub(/-/, "_", name); if (index(pattern, name "_") == 1 || (is_pattern(pattern) && name ~ pattern)) falls = 1 }
        if (falls) lost = 1; else kept = kept " " word[i]
      }
      if (lost) $0 = start kept " " substr(rest, end)
    }
  }
  { print }'

# shellcheck disable=SC2016
NOT_HOST_ONLY='/^[ \t]*hostonly=["\047]?yes["\047]?([ \t]|$)/ { sub(/=["\047]?yes["\047]?/, "=\"no\"") }
  { print }'
