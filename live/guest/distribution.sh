# --- which system it is

OS_ID=unknown
OS_VERSION=
OS_NAME=unknown

# shell_value FILE KEY - what a file of assignments says, without quotes.
shell_value() {
  sed -n "s/^$2=[\"']\\{0,1\\}\\(.*[^\"' ]\\)[\"']\\{0,1\\} *\$/\\1/p" "$1" | sed -n 1p
}

# read_distribution - sets OS_ID, OS_VERSION and OS_NAME: by os-release, else by Ubuntu's, Debian's and Red Hat's own files.
read_distribution() {
  local file
  for file in /etc/os-release /usr/lib/os-release; do
    if has_file "$file"; then read_assignments "$(host_path "$file")" ID VERSION_ID PRETTY_NAME && return; fi
  done
  if has_file /etc/lsb-release; then
    read_assignments "$(host_path /etc/lsb-release)" DISTRIB_ID DISTRIB_RELEASE DISTRIB_DESCRIPTION && return
  fi
  if has_file /etc/debian_version; then
    OS_ID=debian
    OS_VERSION=$(sed -n 1p "$(host_path /etc/debian_version)")
    OS_NAME="Debian GNU/Linux $OS_VERSION"
    return
  fi
  for file in /etc/system-release /etc/redhat-release /etc/SuSE-release /etc/issue; do
    if has_file "$file"; then read_first_line "$(host_path "$file")" && return; fi
  done
}

# read_assignments FILE ID VERSION NAME - fails where the file does not name the system.
read_assignments() {
  OS_ID=$(shell_value "$1" "$2" | tr '[:upper:]' '[:lower:]')
  [ -n "$OS_ID" ] || { OS_ID=unknown && return 1; }
  OS_VERSION=$(shell_value "$1" "$3")
  OS_NAME=$(shell_value "$1" "$4")
  OS_NAME=${OS_NAME:-$OS_ID}
}

# read_first_line FILE - `CentOS release 5.9 (Final)`.
read_first_line() {
  OS_NAME=$(sed -n '1s/ *\\.*$//p' "$1")
  [ -n "$OS_NAME" ] || OS_NAME=$(sed -n '/[^ ]/{p;q;}' "$1")
  [ -n "$OS_NAME" ] || return 1
  OS_ID=$(printf '%s' "${OS_NAME%% *}" | tr '[:upper:]' '[:lower:]')
  OS_VERSION=$(printf '%s\n' "$OS_NAME" | sed -n 's/^[^0-9]*\([0-9][0-9.]*\).*/\1/p')
}
