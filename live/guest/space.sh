# --- room on the guest's filesystems

# free_mb PATH - MiB free for the filesystem of a folder of the guest. The kernel's own name may be long, so by columns from
# the right end.
free_mb() {
  df -Pk "$ROOT$1" 2>/dev/null | awk 'NR > 1 && NF >= 6 { print int($(NF - 2) / 1024); exit }'
}

# note_space - what is free where something may have to be written.
note_space() {
  local path mb
  for path in / /boot; do
    mb=$(free_mb "$path")
    [ -z "$mb" ] || note free "$path" "$mb"
  done
}

# mount_point PATH - where the filesystem of a folder is mounted.
mount_point() {
  df -Pk "$ROOT$1" 2>/dev/null | awk 'NR > 1 && NF >= 6 { print $NF; exit }'
}

# device_of PATH - the device of its filesystem, as mount(8) has it.
device_of() {
  df -Pk "$ROOT$1" 2>/dev/null | awk 'NR > 1 && NF >= 6 { print $1; exit }'
}
