/**
 * A stand-in for yum, which no package of Debian's has: made by hand after yum 3.2.22, CentOS 5's. From its cli.py, yumcommands.py and yummain.py
 * are these words and exit statuses: `list` ends with 1 and `Error: No matching Packages to list` where it has nothing to list; `install` of a name
 * that no repository has says `No package NAME available.` and `Nothing to do`, and ends with 0; a repository that does not answer ends it
 * with 1. Its option parser knows neither --setopt (3.2.28) nor --downloadonly (3.4.3).
 */
import { INSTALL, INSTALLED, RECORD } from "./standIns";

/** The script of the one whose `list` and `install` do that. */
export const YUM = () => `${RECORD}${INSTALL}
[ "$1" != --help ] || { echo "Usage: yum [options] COMMAND"; echo "  -y                    answer yes for all questions"; exit 0; }
[ ! -f /repo/unreachable ] || { echo "Error: Cannot retrieve repository metadata (repomd.xml) for repository: base. Please verify its path and try again"; exit 1; }
while :; do case "$1" in -*) shift ;; *) break ;; esac; done
case "$1/$2" in
  list/available)
    [ -d "/repo/$3" ] && ! grep -qx "$3" ${INSTALLED} || { echo "Error: No matching Packages to list"; exit 1; }
    echo "Available Packages"
    echo "$3.x86_64                    1.0-1                  base" ;;
  list/*) echo "Error: No matching Packages to list"; exit 1 ;;
  install/*)
    shift
    found=
    for word; do if [ -d "/repo/$word" ] && [ ! -f "/repo/$word.gone" ]; then found="$found $word"; else echo "No package $word available."; fi; done
    [ -n "$found" ] || { echo "Nothing to do"; exit 0; }
    install_all $found ;;
esac
`;
