# --- the command line

USAGE="usage: sh pv-to-hvm.sh inspect|prepare FOLDER [--json] [--for xen,nitro] [--prepare-next]

  inspect /        what the source has of what an HVM machine needs; writes nothing
  prepare /        installs by the guest's own package manager what is missing, and
                   leaves alone how it boots today
  --json           the record of it on standard output
  --for FAMILIES   instance families that it must boot on: xen,nitro (default: both)
  --prepare-next   inspect: do not refuse for what prepare can mend

Progress goes to standard error; its last line is NOCHANGE:, CHANGED:, REFUSED: or
FAILED: and why. Exit status: 0, 2 (command line), 3 (refused), 4 (failed)."

COMMAND=
# The guest's root without its last slash: empty for the running system, so that "$ROOT/boot" is always right.
ROOT=
JSON=
FAMILIES="xen nitro"
PREPARE_NEXT=

# usage_error WHAT - says it, and ends.
usage_error() {
  printf 'pv-to-hvm: %s\n\n%s\n' "$1" "$USAGE" >&2
  exit 2
}

# read_options ARGUMENT... - sets the variables above.
read_options() {
  local folder=""
  while [ $# -gt 0 ]; do
    case "$1" in
      --help | -h) printf '%s\n' "$USAGE" && exit 0 ;;
      --version) printf 'pv-to-hvm.sh %s\n' "$VERSION" && exit 0 ;;
      --json) JSON=1 ;;
      --prepare-next) PREPARE_NEXT=1 ;;
      --for) [ $# -ge 2 ] || usage_error "--for: it needs xen, nitro or xen,nitro." && shift && read_families "$1" ;;
      --for=*) read_families "${1#--for=}" ;;
      -*) usage_error "$1: no such option." ;;
      *) if [ -z "$COMMAND" ]; then COMMAND=$1; elif [ -z "$folder" ]; then folder=$1; else usage_error "$1: one folder is enough."; fi ;;
    esac
    shift
  done
  case "$COMMAND" in
    inspect | prepare) ;;
    '') usage_error "it needs a command." ;;
    *) usage_error "$COMMAND: no such command." ;;
  esac
  read_folder "$folder"
}

# read_families LIST - a comma-separated list, each family once and in our order.
read_families() {
  local family found=""
  for family in $(printf '%s' "$1" | tr ',' ' '); do
    case "$family" in xen | nitro) ;; *) usage_error "--for: \"$family\" is no family. Give xen, nitro or xen,nitro." ;; esac
  done
  for family in xen nitro; do
    case ",$1," in *",$family,"*) found="$found $family" ;; esac
  done
  FAMILIES=${found# }
  [ -n "$FAMILIES" ] || usage_error "--for: it needs xen, nitro or xen,nitro."
}

# read_folder FOLDER - makes an absolute path of it, whatever links lead there.
read_folder() {
  [ -n "$1" ] || usage_error "it needs the folder of the guest's root, / for the running system."
  [ -d "$1" ] || usage_error "$1: there is no such folder."
  ROOT=$(CDPATH='' cd -P "$1" && pwd) || usage_error "$1: it cannot be entered."
  ROOT=${ROOT%/}
}

# wants FAMILY - whether the machine has to boot on it.
wants() {
  case " $FAMILIES " in *" $1 "*) return 0 ;; esac
  return 1
}
