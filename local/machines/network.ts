/**
 * Every machine is in a network namespace of its own, so that its port 22 is nobody else's: most computers have an
 * sshd of their own on 0.0.0.0:22. A veth pair joins it to the host, one end on either side, and a /31 is all that is
 * routed (RFC 3021). There is no way out: no default route, no forwarding, no NAT. Helpers have all packages in their
 * image; all they reach is what the host itself serves on all of its addresses, and of that only what their security
 * groups let out (`firewall.ts`).
 *
 * Nothing has to be taken down. The namespace lasts as long as the last process in it, and the pair as long as the
 * namespace: a machine that was killed leaves nothing either, nor does one whose start was cut short.
 */
import { firewallRules } from "./firewall";
import type { MachineSpec } from "./machine";
import { markedCommand } from "./strays";

export const SSH_PORT = 22;

/** The host's end of a machine's pair: the even address just below the machine's own. */
export function hostEndOf(address: string): string {
  const [, network, last] = /^(\d+\.\d+\.\d+\.)(\d+)$/.exec(address) ?? [];
  if (network === undefined || Number(last) % 2 === 0)
    throw new Error(`${address}: a machine's address must be an odd one, the upper of a /31.`);
  return `${network}${Number(last) - 1}`;
}

/** The interface that the host sees, by the end of the instance's id: Linux allows 15 characters. */
export const interfaceOf = (instanceId: string) => `pv-${instanceId.slice(-12)}`;

/**
 * The command line that runs a command in a new network namespace with the machine's address and firewall. Needs root,
 * and `ip`, `nft` and `nsenter` on the host. Keeps its process id, and fails where the address or the interface is in
 * use.
 * @param neighbour the address that connections seem to come from. Default: the host's end, as they do.
 */
export function networkCommand(
  { instanceId, address, firewall }: Pick<MachineSpec, "instanceId" | "address" | "firewall">,
  command: string[],
  neighbour = "",
): string[] {
  const rules = firewallRules(firewall, neighbour || undefined);
  const names = [interfaceOf(instanceId), address, hostEndOf(address), neighbour, rules];
  return markedCommand(instanceId, ["sh", "-euc", LEAVE, "network", ENTER, "network", ...names, ...command]);
}

/** The host's namespace is kept open as 8: the pair is made from inside, with its other end out there. */
const LEAVE = `exec 8< /proc/self/ns/net; exec unshare --net sh -euc "$@"`;

/**
 * The kernel takes a namespace down some moments after its last process has ended, with many machines coming and going
 * more than five seconds: a machine that is started again may still find its former interface. The address is looked for
 * only once it is there: of two that want the same one at once, neither misses the other. The host's end has a MAC address
 * from the start, or udev would give it another (MACAddressPolicy in systemd's 99-default.link) when the first packets have
 * already gone to the old one.
 */
const ENTER = `
interface=$1 address=$2 host=$3 neighbour=$4 rules=$5; shift 5
on_host() { nsenter --net=/proc/self/fd/8 "$@"; }
refuse() { echo "$1" >&2; exit 1; }

tries=0
while on_host ip link show dev "$interface" > /dev/null 2>&1; do
  [ $tries -lt 200 ] || refuse "$interface: the host still has this interface. A machine of the same id runs, or something else holds its network namespace: end that first."
  tries=$((tries + 1)); sleep 0.1
done
command -v nft > /dev/null || refuse "nft is missing, which enforces security groups. Install the package nftables (local/setup.sh does)."
printf '%s' "$rules" | nft -f -
ip link set lo up
ip link add eth0 type veth peer name "$interface" address 02:00:00:00:00:01 netns /proc/self/fd/8
ip address add "$address/31" dev eth0
ip link set eth0 up
on_host ip address add "$host/31" dev "$interface"
on_host ip link set "$interface" up
# Without a route to it no answer would get as far as where its address is put right again.
if [ -n "$neighbour" ]; then ip route add "$neighbour/32" dev eth0; fi

others=$(on_host ip -4 -o address show to "$host/31" | grep -vwF "$interface" || true)
[ -z "$others" ] || refuse "$address: in use on this host ($others). Start it again: every start gets another address."

exec 8<&-
exec "$@"
`;
