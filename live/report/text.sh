# --- the report for people

# print_text - sections, entries with a name before them, lines of prose of 100 columns at most; a diff's lines are the guest's and
# so are not wrapped.
print_text() {
  awk '
    BEGIN { FS = "\037" }
    $1 == "distribution" { entry("guest", $2) }
    $1 == "today" && $2 != "" { entry("boot file", $2); entry("boots today", $3 ($4 == "" ? ", no initramfs" : " with " $4) " (" $7 ": " $6 ")") }
    $1 == "free" { free = free (free == "" ? "" : ", ") $2 " " $3 " MiB" }
    $1 == "kernel" { kernels++; line[kernels] = $2 ": " ($5 == "yes" ? "boots as HVM" : "PV only") " (" $6 ")"; image[$3] = kernels }
    $1 == "driver" && $3 != "xen-platform-pci" { line[image[$2]] = line[image[$2]] "; " $3 " " words[$4] }
    $1 == "missing" { missing = missing item($2) }
    $1 == "package" { packages = packages (packages == "" ? "" : ", ") $2 }
    $1 == "file" { files = files (files == "" ? "" : "\n") "  " $2 "\n" }
    $1 == "reason" { files = files item($2) }
    $1 == "diff" { files = files "    " substr($2, 1, 1000) "\n" }
    $1 == "problem" { problems = problems item($2 " Needed: " $3 " " $4) }
    $1 == "warning" { warnings = warnings item($2) }
    $1 == "command" { done = $2 == "prepare" }
    function entry(name, text) { found = found wrap(text, 85, pad(name), pad("")) }
    function pad(name) { while (length(name) < 13) name = name " "; return "  " name }
    function item(text) { return wrap(text, 96, "  - ", "    ") }
    function wrap(text, width, first, later,   words, count, i, line, result) {
      count = split(text, words, " ")
      for (i = 1; i <= count; i++) {
        if (line != "" && length(line) + 1 + length(words[i]) > width) { result = result first line "\n"; first = later; line = "" }
        line = line (line == "" ? "" : " ") words[i]
      }
      return result first line "\n"
    }
    function section(title, text) { if (text != "") printf "%s%s\n%s", gap, title, text; if (text != "") gap = "\n" }
    BEGIN { words["builtin"] = "built in"; words["initramfs"] = "in its initramfs"; words["module"] = "as a module"; words["missing"] = "missing" }
    END {
      for (i = 1; i <= kernels; i++) entry("kernel", line[i])
      if (free != "") entry("free", free)
      section("Found", found)
      section(done ? "Was missing" : "Missing, and prepare would give", missing)
      section("Installed", packages == "" ? "" : item(packages))
      section("Changed", files)
      section("In the way", problems)
      section("Worth knowing", warnings)
    }' "$WORK/notes"
}
