const LOG = "/var/log/cloud-init-output.log";

const NOT_READY =
  "cloud-init did not get the helper ready; its last lines stand above. Give the subnet a way to the package mirrors, " +
  "or name a helper.imageId with every package, and set a new revision";

/**
 * A script that waits until cloud-init has got the helper ready, and becomes the program of its arguments then. Every 5
 * seconds it says what cloud-init is doing: the last line of its log, in which programs overwrite their progress by
 * carriage returns. Whoever tells is ended with the waiting, and holds on to nothing that would keep the session open.
 * `seconds`: after so many it gives up; the next run waits on.
 */
export function waitForCloudInit(seconds: number): string {
  return [
    `last_line() { tail -c 500 ${LOG} 2>/dev/null | tr '\\r' '\\n' | tail -n 1 | cut -c 1-200; }`,
    'while sleep 5 >/dev/null 2>&1; do echo "waiting for cloud-init: $(last_line)"; done >&2 &',
    `timeout ${seconds} cloud-init status --wait </dev/null >/dev/null 2>&1`,
    "ended=$?",
    "kill $! 2>/dev/null",
    'case $ended in 0 | 2) exec "$@" ;; esac # 2: done, with warnings',
    "if [ $ended -eq 124 ]; then",
    `  echo 'FAILED: cloud-init was not through after ${seconds} s: run again to wait on, or raise timeouts.helperSeconds'`,
    "else",
    `  tail -n 20 ${LOG}`,
    `  echo 'FAILED: ${NOT_READY}'`,
    "fi >&2",
    "exit 1",
    "",
  ].join("\n");
}
