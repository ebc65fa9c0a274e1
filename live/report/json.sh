# --- the record, as JSON

# print_json - LiveReport (live/types.ts), pretty-printed: each text on a line of its own, none of more than 16 KiB, since
# a longer line of output would hang `pulumi up`. Whatever is no UTF-8 becomes U+FFFD.
print_json() {
  awk "$JSON_STRINGS"'
    BEGIN { FS = "\037"; init_strings() }
    $1 == "kernel" { kernels++; kernel[kernels] = $0; image[$3] = kernels; next }
    $1 == "driver" { if ($3 != "xen-platform-pci") drivers[image[$2]] = add(drivers[image[$2]], driver($3, $4), 6); next }
    $1 == "file" { files++; path[files] = $2; next }
    $1 == "reason" { reasons[files] = add(reasons[files], quote($2), 8); next }
    $1 == "diff" { diff[files] = add(diff[files], quote($2), 8); next }
    $1 == "today" { today = $0; next }
    $1 == "free" { free = add(free, "{ \"path\": " quote($2) ", \"mb\": " $3 + 0 " }", 4); next }
    $1 == "problem" { problems = add(problems, problem(), 4); next }
    { list[$1] = add(list[$1], quote($2), 4); text[$1] = $2 }
    END {
      print "{\n  \"format\": 1,"
      print_text("command"); print_text("outcome"); print_text("summary"); print_text("distribution")
      if (text["packageManager"] != "") print_text("packageManager")
      print_text("runningKernel")
      print "  \"today\": " boot(today) ","
      print_list("kernels", kernel_list())
      print_list("bootFiles", list["bootFile"])
      print_list("freeMb", free)
      print_list("missing", list["missing"])
      print_list("packages", list["package"])
      print_list("files", file_list())
      print_list("problems", problems)
      printf "  \"warnings\": %s\n}\n", brackets(list["warning"], 2)
    }

    function add(list, item, indent) { return list (list == "" ? "" : ",") "\n" spaces(indent) item }
    function spaces(count,   text) { while (count-- > 0) text = text " "; return text }
    function brackets(list, indent) { return list == "" ? "[]" : "[" list "\n" spaces(indent) "]" }
    function print_text(name) { print "  \"" name "\": " quote(text[name]) "," }
    function print_list(name, list) { print "  \"" name "\": " brackets(list, 2) "," }
    function driver(name, where) { return "  { \"name\": " quote(name) ", \"where\": " quote(where) " }" }
    function boot(line,   field) {
      split(line, field, "\037")
      return "{ \"menu\": " quote(field[2]) ", \"kernel\": " quote(field[3]) \
        (field[4] == "" ? "" : ", \"initrd\": " quote(field[4])) " }"
    }
    function problem() { return "{\n      \"found\": " quote($2) ",\n      \"needed\": " quote($3) ",\n      \"fix\": " quote($4) "\n    }" }
    function kernel_list(   i, field, list) {
      for (i = 1; i <= kernels; i++) {
        split(kernel[i], field, "\037")
        list = add(list, "{\n      \"version\": " quote(field[2]) ",\n      \"image\": " quote(field[3]) \
          (field[4] == "" ? "" : ",\n      \"initrd\": " quote(field[4])) \
          ",\n      \"hvm\": " (field[5] == "yes" ? "true" : "false") ",\n      \"why\": " quote(field[6]) \
          ",\n      \"drivers\": " brackets(drivers[i], 6) "\n    }", 4)
      }
      return list
    }
    function file_list(   i, list) {
      for (i = 1; i <= files; i++)
        list = add(list, "{\n      \"path\": " quote(path[i]) ",\n      \"reasons\": " brackets(reasons[i], 6) \
          ",\n      \"diff\": " brackets(diff[i], 6) "\n    }", 4)
      return list
    }' "$WORK/notes"
}
