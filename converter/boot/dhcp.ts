/** Looks for a DHCP request among the packets that QEMU's filter-dump wrote down (pcap, little-endian). */

const FILE_HEADER = 24;
const PACKET_HEADER = 16;
const ETHERNET_HEADER = 14;
const IPV4 = 0x0800;
const UDP = 17;
const CLIENT_PORT = 68;
const SERVER_PORT = 67;

/** Whether a packet from a DHCP client to a server is in it. A last packet that is not whole yet is left out. */
export function hasDhcpRequest(pcap: Buffer): boolean {
  for (const packet of packetsOf(pcap)) {
    if (isDhcpRequest(packet)) return true;
  }
  return false;
}

function* packetsOf(pcap: Buffer): Generator<Buffer, undefined> {
  for (let at = FILE_HEADER; at + PACKET_HEADER <= pcap.length;) {
    const end = at + PACKET_HEADER + pcap.readUInt32LE(at + 8);
    if (end > pcap.length) return;
    yield pcap.subarray(at + PACKET_HEADER, end);
    at = end;
  }
}

function isDhcpRequest(packet: Buffer): boolean {
  const ip = packet.subarray(ETHERNET_HEADER);
  if (ip.length < 20 || packet.readUInt16BE(12) !== IPV4 || ip[9] !== UDP) return false;
  const udp = ip.subarray((ip[0] & 0x0f) * 4);
  return udp.length >= 4 && udp.readUInt16BE(0) === CLIENT_PORT && udp.readUInt16BE(2) === SERVER_PORT;
}
