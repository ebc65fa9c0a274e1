/**
 * What is run on a live source around the program that inspects and prepares it: POSIX shell of 2010, for dash, busybox and
 * bash 3, and for whatever login shell the user has. Pure.
 */

/** What the program is called with. */
export interface Visit {
  command: "inspect" | "prepare";
  /** Digest of the program that must be found. */
  digest: string;
  /** Where it was put, as `putProgramCommand` printed it: in another home, where another user logs in by now. */
  putAt: string;
  /** `inspect`: what a preparation can mend is no reason to refuse, since one follows. */
  prepareNext?: boolean;
  /** `--for`; absent for the program's own default. */
  families?: string[];
  /** Seconds after which it is waited for no longer. */
  seconds: number;
  /** The argument that raises them, if one does. */
  raisedBy?: string;
  /** Nothing asks the program again: remove it when it has done its work. */
  isLast: boolean;
}

/**
 * Where the program lies: in the home of whoever logs in, and not in /tmp, where another user of the machine could put one
 * of theirs, which this one would then run as root.
 */
function placeOf(digest: string): string {
  return `$HOME/.pv-to-hvm-${digest}.sh`;
}

/**
 * Takes the program of so many bytes from standard input, whole or not at all, and prints where it lies. A line that any login
 * shell can run.
 */
export function putProgramCommand(digest: string, bytes: number): string {
  const script = [
    `umask 077; p=${placeOf(digest)}; rm -f "$p" "$p.part"`,
    'cat > "$p.part"',
    `[ "$(wc -c < "$p.part")" -eq ${bytes} ] && mv "$p.part" "$p" && echo "$p" && exit 0`,
    'rm -f "$p.part"',
    `echo "FAILED: $HOME has no room for the program, ${Math.ceil(bytes / 1024)} KiB. Make some, and run pulumi up again." >&2`,
    "exit 4",
  ];
  return `sh -c '${script.join("; ")}'`;
}

/** A script for standard input needs no quoting, and is not repeated in an error's text. */
export const VISIT_COMMAND = "sh -s";

/**
 * Runs the program and tells what it says while it is at work; its record comes at the end, once it has ended well. Its words
 * go to files, and from there here: so it is not tied to the connection, and goes on when that drops or is given up.
 * There is no `timeout(1)` on systems before coreutils 7 (2008), and busybox had one with other arguments.
 */
export function visitScript(visit: Visit): string {
  const { digest, seconds } = visit;
  return [
    "umask 077",
    `program=${placeOf(digest)} put=${placePut(visit)}`,
    // Of its own: where a connection dropped, the visit before may still be waiting for its program.
    'work=$program.run.$$ waited=0 told=0 ended=""',
    'fail() { echo "FAILED: $*" >&2; exit 4; }',
    `[ -f "$program" ] || ${takeOver(digest)} || fail "the program that was put here was another, or is gone, or lies where this user cannot read it. Set a new revision, which puts it here anew."`,
    'rm -rf "$work"; mkdir "$work" && : > "$work/log" || fail "nothing can be written in $HOME. Make room, and run pulumi up again."',
    "tell() {",
    '  lines=$(wc -l < "$work/log")',
    '  [ "$lines" -le "$told" ] || sed -n "$((told + 1)),${lines}p" "$work/log" >&2',
    "  told=$lines",
    "}",
    "(",
    `  sh "$program" ${programArguments(visit)} > "$work/out" 2> "$work/log"`,
    '  echo $? > "$work/status" && mv "$work/status" "$work/ended"',
    ") < /dev/null > /dev/null 2>&1 &",
    "child=$!",
    'while [ ! -f "$work/ended" ] && kill -0 $child 2> /dev/null; do',
    `  [ $waited -lt ${seconds} ] || fail "${stillAtWork(visit)}"`,
    '  sleep 1 < /dev/null; waited=$((waited + 1)); [ -f "$work/ended" ] || tell',
    "done",
    'ended=$(cat "$work/ended" 2> /dev/null) || { tell; fail "it was killed on the way. Run pulumi up again, which goes on."; }',
    `[ "$ended" -eq 0 ] || sed -n -e '${PROBLEMS}' "$work/out" >&2`,
    "tell",
    // Where nobody hears it any more, the next visit needs the program.
    '[ "$ended" -ne 0 ] || cat "$work/out" || exit 4',
    'rm -rf "$work"',
    ...(visit.isLast ? [`[ "$ended" -ne 0 ] || { rm -rf "$program" "$program".run.*; ${REMOVE_PUT}; }`] : []),
    'exit "$ended"',
    "",
  ].join("\n");
}

/**
 * Copies what another user put into that one's home. Its digest is taken of the copy, which nobody else can write: whoever put
 * it there may be less than root, as which it will run.
 */
function takeOver(digest: string): string {
  const read = '{ cat "$put" || sudo -n cat "$put"; } < /dev/null > "$program.part" 2> /dev/null';
  const isWhole = `case "$(sha256sum < "$program.part")" in ${digest}*) mv "$program.part" "$program" ;; *) rm -f "$program.part"; false ;; esac`;
  return `{ ${read}; ${isWhole}; }`;
}

/** What another user put there lies in a home that this one may have to be root for. */
const REMOVE_PUT = '{ [ -z "$put" ] || rm -f "$put" || sudo -n rm -f "$put"; } < /dev/null > /dev/null 2>&1';

/**
 * Where the program was put, as one word of the shell's. A user of the source said so, and it is read and removed by root:
 * whatever is no place of the program's is none.
 */
function placePut({ putAt, digest }: Visit): string {
  const place = putAt.trim();
  return place.endsWith(`/.pv-to-hvm-${digest}.sh`) ? `'${place.replaceAll("'", "'\\''")}'` : "''";
}

/** For sed: every problem of the pretty-printed record, `found`, `needed` and `fix` a line. The program's last line has one. */
const PROBLEMS = String.raw`/^  "problems": \[/,/^  \]/s/^ *"\([a-z]*\)": "\(.*\)",*$/  \1: \2/p`;

function programArguments({ command, families, prepareNext }: Visit): string {
  const options = [
    ...(families ? ["--for", families.join(",")] : []),
    ...(prepareNext ? ["--prepare-next"] : []),
  ];
  return [command, "/", "--json", ...options].join(" ");
}

function stillAtWork({ seconds, raisedBy }: Visit): string {
  const raise = raisedBy === undefined ? "" : `, or raise ${raisedBy}`;
  return `it is still at work after ${seconds} s, and goes on. Run pulumi up again to wait for it${raise}.`;
}
