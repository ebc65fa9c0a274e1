const LOG = "/var/log/cloud-init-output.log";

const NOT_READY =
  "cloud-init did not get the helper ready; its last lines stand above. Give the subnet a way to the package mirrors, " +
  "name a helper.proxy or a helper.mirror that it reaches, or a helper.imageId with every package, and set a new revision";

/** Where a program is told of the helper's own host key: the instance's id, and the key as in a file of known hosts. */
export const OWN_HOST_KEY = "PV_TO_HVM_HOST_KEY";

/**
 * A shell function that has the helper make a host key of its own, and prints which one; nothing where its sshd does not show it
 * (an image with another idea of `HostKey`). The key that came with the user data stays beside it, for a first step that is
 * run again: whoever dials says by which key the helper is known, and sshd answers with that kind.
 */
function makeHostKey(): string[] {
  return [
    "make_host_key() {",
    "  id=$(cat /var/lib/cloud/data/instance-id) && key=/etc/ssh/ssh_host_ecdsa_key || return",
    "  [ -s $key.pub ] || ssh-keygen -q -t ecdsa -b 256 -N '' -C pv-to-hvm -f $key || return",
    '  made=$(cut -d " " -f 1,2 $key.pub)',
    '  systemctl reload ssh || kill -HUP "$(cat /run/sshd.pid)"',
    "  for pause in 0 1 1 2 4; do",
    "    sleep $pause",
    '    shown=$(ssh-keyscan -T 5 -t ecdsa 127.0.0.1 | sed -n "s/^[^# ][^ ]* //p")',
    '    [ "$shown" != "$made" ] || { echo "$id $made"; return; }',
    "  done",
    "}",
  ];
}

/**
 * A script that waits until cloud-init has got the helper ready, and becomes the program of its arguments then. Every 5
 * seconds it says what cloud-init is doing: the last line of its log, in which programs overwrite their progress by
 * carriage returns. Whoever tells is ended with the waiting, and holds on to nothing that would keep the session open. The program
 * is told of the host key that the helper has made for itself.
 * `seconds`: after so many it gives up; the next run waits on.
 */
export function waitForCloudInit(seconds: number): string {
  return [
    `last_line() { tail -c 500 ${LOG} 2>/dev/null | tr '\\r' '\\n' | tail -n 1 | cut -c 1-200; }`,
    'while sleep 5 >/dev/null 2>&1; do echo "waiting for cloud-init: $(last_line)"; done >&2 &',
    `timeout ${seconds} cloud-init status --wait </dev/null >/dev/null 2>&1`,
    "ended=$?",
    "kill $! 2>/dev/null",
    ...makeHostKey(),
    "case $ended in 0 | 2) # 2: done, with warnings",
    `  ${OWN_HOST_KEY}=$(make_host_key </dev/null 2>/dev/null)`,
    `  export ${OWN_HOST_KEY}`,
    '  exec "$@" ;;',
    "esac",
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
