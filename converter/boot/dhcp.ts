/** Looks for DHCP requests among the packets that QEMU's filter-dump wrote down (pcap, little-endian). */

const FILE_HEADER = 24;
const PACKET_HEADER = 16;
const ETHERNET_HEADER = 14;
const IPV4 = 0x0800;
const UDP = 17;
const CLIENT_PORT = 68;
const SERVER_PORT = 67;
/** Of a BOOTP message: the options follow after the magic cookie. */
const OPTIONS = 240;
const MESSAGE_TYPE = 53;
const HARDWARE_ADDRESS = 28;

/** RFC 2132, option 53: what a client says. BOOTP, which has no option, is a request too. */
const MESSAGES: Record<number, string> = { 1: "DISCOVER", 3: "REQUEST", 8: "INFORM" };

/**
 * The first request of a client to a server, in words: `DHCP DISCOVER from 52:54:00:12:34:56`. A last packet that is not
 * whole yet is left out.
 */
export function findDhcpRequest(pcap: Buffer): string | undefined {
  for (const packet of packetsOf(pcap)) {
    const message = dhcpMessageIn(packet);
    if (message) return describe(message);
  }
  return undefined;
}

function* packetsOf(pcap: Buffer): Generator<Buffer, undefined> {
  for (let at = FILE_HEADER; at + PACKET_HEADER <= pcap.length;) {
    const end = at + PACKET_HEADER + pcap.readUInt32LE(at + 8);
    if (end > pcap.length) return;
    yield pcap.subarray(at + PACKET_HEADER, end);
    at = end;
  }
}

/** The BOOTP message of a packet from a client to a server. */
function dhcpMessageIn(packet: Buffer): Buffer | undefined {
  const ip = packet.subarray(ETHERNET_HEADER);
  if (ip.length < 20 || packet.readUInt16BE(12) !== IPV4 || ip[9] !== UDP) return undefined;
  const udp = ip.subarray((ip[0] & 0x0f) * 4);
  const isRequest =
    udp.length >= 8 && udp.readUInt16BE(0) === CLIENT_PORT && udp.readUInt16BE(2) === SERVER_PORT;
  return isRequest ? udp.subarray(8) : undefined;
}

function describe(message: Buffer): string {
  const kind = messageType(message);
  const address = [...message.subarray(HARDWARE_ADDRESS, HARDWARE_ADDRESS + 6)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join(":");
  return `${kind === undefined ? "BOOTP request" : `DHCP ${MESSAGES[kind] ?? `message ${kind}`}`} from ${address}`;
}

/** Options are a type, a length and a value each; 0 is padding, 255 the end. */
function messageType(message: Buffer): number | undefined {
  for (let at = OPTIONS; at + 2 < message.length && message[at] !== 255;) {
    if (message[at] === MESSAGE_TYPE) return message[at + 2];
    at += message[at] === 0 ? 1 : 2 + message[at + 1];
  }
  return undefined;
}
