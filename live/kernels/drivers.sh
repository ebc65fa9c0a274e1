# --- where each driver is: built in, in the initramfs, as a module, or nowhere

# DRIVER_TABLE - each driver by today's name, with its modules' names over the years (xen-vbd and xen-vnif are Red Hat 5's and
# SLES 11's, xenblk and xennet those of kernel-xen) and the configuration symbol that builds it in.
DRIVER_TABLE='xen-platform-pci xen-platform-pci CONFIG_XEN_PLATFORM_PCI,CONFIG_XEN_PVHVM
xen-blkfront xen-blkfront,xen-vbd,xenblk CONFIG_XEN_BLKDEV_FRONTEND
xen-netfront xen-netfront,xen-vnif,xennet CONFIG_XEN_NETDEV_FRONTEND
nvme nvme CONFIG_BLK_DEV_NVME
ena ena CONFIG_ENA_ETHERNET
ixgbevf ixgbevf CONFIG_IXGBEVF'

# list_modules VERSION - every module file below its folder, wherever: DKMS and vendors have folders of their own. The files are
# asked, since modules.dep may be missing.
list_modules() {
  local folder
  folder=$ROOT$(module_folder "$1")
  [ ! -d "$folder" ] || find "$folder" -name '*.ko*' 2>/dev/null
}

# judge_drivers VERSION - `DRIVER WHERE MODULE` a line, MODULE by this kernel's own spelling. What lies there as a module is not
# built in, whatever the symbols say (Debian 7: CONFIG_XEN_PVHVM=y and a xen-platform-pci.ko); and what is in the initramfs
# without the modules that it needs cannot be loaded there. Reads $WORK/symbols and $WORK/initramfs.
judge_drivers() {
  local folder builtin dep
  folder=$ROOT$(module_folder "$1")
  builtin=$folder/modules.builtin
  dep=$folder/modules.dep
  [ -f "$builtin" ] || builtin=/dev/null
  [ -f "$dep" ] || dep=/dev/null
  list_modules "$1" >"$WORK/modules"
  printf '%s\n' "$DRIVER_TABLE" | awk '
    function key(name) { gsub(/-/, "_", name); return name }
    function named(path) {
      sub(/^.*\//, "", path)
      return sub(/\.ko(\.xz|\.gz|\.zst)?$/, "", path) ? path : ""
    }
    kind == "symbols" { symbol[$1] = 1; next }
    kind == "builtin" { builtin[key(named($1))] = 1; next }
    kind == "modules" { if (named($0) != "") installed[key(named($0))] = named($0); next }
    kind == "initramfs" { if (named($0) != "") early[key(named($0))] = 1; next }
    # Red Hat 5 goes on in the next line after a backslash.
    kind == "dep" && /\\$/ { held = held substr($0, 1, length($0) - 1) " "; next }
    kind == "dep" { read_needs(held $0); held = ""; next }
    { print $1, where($1, $2, $3), spelled($2) }

    function read_needs(line,   colon, module, files, count, i) {
      colon = index(line, ":")
      module = key(named(substr(line, 1, colon - 1)))
      count = split(substr(line, colon + 1), files, " ")
      needs[module] = ""
      for (i = 1; i <= count; i++) needs[module] = needs[module] " " key(named(files[i]))
    }
    function loadable(module,   list, count, i) {
      if (!(module in early)) return 0
      count = split(needs[module], list, " ")
      for (i = 1; i <= count; i++) if (!(list[i] in early)) return 0
      return 1
    }
    function where(driver, modules, symbols,   name, count, i, is_module, is_early) {
      count = split(modules, name, ",")
      for (i = 1; i <= count; i++) {
        if (key(name[i]) in builtin) return "builtin"
        if (key(name[i]) in installed) is_module = 1
        if (loadable(key(name[i]))) is_early = 1
      }
      count = split(symbols, name, ",")
      for (i = 1; i <= count; i++) if (!is_module && name[i] in symbol) return "builtin"
      return is_early ? "initramfs" : is_module ? "module" : "missing"
    }
    function spelled(modules,   name, count, i) {
      count = split(modules, name, ",")
      for (i = 1; i <= count; i++) if (key(name[i]) in installed) return installed[key(name[i])]
      return name[1]
    }' kind=symbols "$WORK/symbols" kind=builtin "$builtin" kind=modules "$WORK/modules" \
    kind=initramfs "$WORK/initramfs" kind=dep "$dep" kind=table -
}
