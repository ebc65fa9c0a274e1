# --- paths of the guest, whose links lead nowhere else

# resolve VIEW PATH - the path after its links, each taken inside the folder VIEW. Fails for a circle of links.
resolve() {
  local view="$1" todo="$2" path="" part target hops=0
  while [ -n "$todo" ]; do
    todo=${todo#/}
    part=${todo%%/*}
    case "$todo" in */*) todo=/${todo#*/} ;; *) todo= ;; esac
    case "$part" in
      '' | .) continue ;;
      ..) path=${path%/*} && continue ;;
    esac
    if [ -L "$view$path/$part" ]; then
      hops=$((hops + 1))
      [ "$hops" -le 40 ] || return 1
      target=$(readlink "$view$path/$part") || return 1
      case "$target" in /*) path= ;; esac
      todo=/$target$todo
    else
      path=$path/$part
    fi
  done
  printf '%s\n' "${path:-/}"
}

# host_path PATH - where a file of the guest lies for this program.
host_path() {
  local resolved
  resolved=$(resolve "$ROOT" "$1") || return 1
  printf '%s\n' "$ROOT$resolved"
}

# has_file PATH - whether the guest has a regular file there, after links.
has_file() {
  local file
  file=$(host_path "$1") && [ -f "$file" ]
}

# program_path NAME - where the guest has that program; fails where it has none.
program_path() {
  local folder
  for folder in /usr/sbin /sbin /usr/bin /bin; do
    has_file "$folder/$1" && printf '%s\n' "$folder/$1" && return
  done
  return 1
}
