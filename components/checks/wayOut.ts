/** Where the helper may connect to, and by what it gets its packages. Pure. */
import { blockOf, isInAny } from "./block";
import { notationProblem } from "./cidr";
import type { Problem } from "./problems";
import { parsedOf, type Server, serverOf, withoutLogin } from "./url";

/** The helper's way to its packages, as far as the program names one. */
export interface WayOut {
  /** Where it may connect to, in CIDR notation; absent for everywhere. */
  egressCidrs?: string[];
  /** An HTTP proxy, as a URL. */
  proxy?: string;
  /** The mirror of its distribution, as a URL. */
  mirror?: string;
}

const PROXY = "helper.proxy";
const MIRROR = "helper.mirror";
const EGRESS = "helper.egressCidrs";

/** Everything that is wrong with these by themselves. Those that are not known are left out by whoever asks. */
export function checkWayOut({ egressCidrs, proxy, mirror }: WayOut): Problem[] {
  const ofProxy = proxy === undefined ? [] : checkProxy(proxy);
  const ofMirror = mirror === undefined ? [] : checkMirror(mirror);
  const ofCidrs = (egressCidrs ?? []).flatMap((cidr, index) =>
    blockOf(cidr) ? [] : [notationProblem(`${EGRESS}[${index}]`, cidr)],
  );
  const problems = [...ofCidrs, ...ofProxy, ...ofMirror];
  if (problems.length > 0 || egressCidrs === undefined) return problems;
  // With a proxy it is the proxy that connects to the mirror.
  if (proxy !== undefined) return checkLetOut(PROXY, serverOf(proxy)!, egressCidrs);
  return mirror === undefined ? [] : checkLetOut(MIRROR, serverOf(mirror)!, egressCidrs);
}

/** Nothing that ends a string in a shell or in apt's configuration: such a character is percent-encoded in a URL. */
const SAFE = /^[\w.:/@%~+=,&()[\]*!-]+$/;

const ENCODE = "Percent-encode what is no letter and no digit in a password.";

function checkProxy(url: string): Problem[] {
  const fix = `Give it as http://HOST:PORT, with http://USER:PASSWORD@HOST:PORT where it asks for a login. ${ENCODE}`;
  const parsed = parsedOf(url);
  const isProxy = parsed?.protocol === "http:" && parsed.pathname === "/" && hasNoMore(parsed);
  if (!isProxy || !SAFE.test(url)) {
    const reason = `must be the address of an HTTP proxy, got ${JSON.stringify(withoutLogin(url))}`;
    return [{ path: PROXY, reason, fix }];
  }
  return checkElsewhere(PROXY, url);
}

function checkMirror(url: string): Problem[] {
  const parsed = parsedOf(url);
  const isMirror = ["http:", "https:"].includes(parsed?.protocol ?? "") && hasNoMore(parsed!);
  if (!isMirror || !SAFE.test(url)) {
    const reason = `must be the address of a mirror by HTTP or HTTPS, got ${JSON.stringify(withoutLogin(url))}`;
    const fix = `Give the address that shows the mirror's folder dists, e.g. http://HOST/debian. ${ENCODE}`;
    return [{ path: MIRROR, reason, fix }];
  }
  return checkElsewhere(MIRROR, url);
}

function hasNoMore({ search, hash, hostname }: URL): boolean {
  return search === "" && hash === "" && hostname !== "";
}

/** An address that is good on the machine where the program runs is often copied from there. */
function checkElsewhere(path: string, url: string): Problem[] {
  const { host, block } = serverOf(url)!;
  const isLocal = block
    ? isInAny(block, ["127.0.0.0/8", "::1/128", "::ffff:127.0.0.0/104"])
    : /^localhost\.?$|\.localhost\.?$/.test(host);
  if (!isLocal) return [];
  const reason = `${host} would be the helper itself, where nothing listens`;
  return [{ path, reason, fix: "Name it by an address that it has in the helper's network." }];
}

function checkLetOut(path: string, { host, block }: Server, egressCidrs: string[]): Problem[] {
  if (egressCidrs.length > 0 && !block) return [];
  if (block && isInAny(block, egressCidrs)) return [];
  const found = egressCidrs.length === 0 ? "is empty" : `is ${egressCidrs.join(", ")}`;
  const reason = `the helper may not connect to ${host}: ${EGRESS} ${found}`;
  const missing = block ? `${host}/${block.length}` : "the network that it is in";
  return [{ path, reason, fix: `Add ${missing} to ${EGRESS}.` }];
}
