# --- whether a kernel boots as HVM

# judge_hvm IMAGE - sets HVM to yes or no, and HVM_WHY. CONFIG_X86_64_XEN and CONFIG_X86_XEN are of Xen's own kernel tree: such
# a kernel knows no other machine than PV (CentOS 5 and SLES kernel-xen, Ubuntu's -ec2 to 10.04).
judge_hvm() {
  local symbol
  HVM=no
  for symbol in CONFIG_X86_64_XEN CONFIG_X86_XEN; do
    has_symbol "$symbol" && HVM_WHY="$CONFIGURATION: $symbol=y" && return
  done
  if ! is_bzimage "$ROOT$1"; then
    HVM_WHY="the file has no boot sector: only Xen's domain builder can load it"
    return
  fi
  HVM=yes
  HVM_WHY="a bzImage; there is no config file to ask"
  [ -z "$CONFIGURATION" ] || HVM_WHY="$CONFIGURATION: neither CONFIG_X86_64_XEN nor CONFIG_X86_XEN"
}
