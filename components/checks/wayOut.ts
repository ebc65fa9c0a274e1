/** Where the helper may connect to, and by what it gets its packages. Pure. */
import { isIP } from "node:net";
import { type Block, blockOf, contains } from "./block";
import { notationProblem } from "./cidr";
import type { Problem } from "./problems";

/** The helper's way to its packages, as far as the program names one. */
export interface WayOut {
  /** Where it may connect to, in CIDR notation; absent for everywhere. */
  egressCidrs?: string[];
  /** An HTTP proxy, as a URL. */
  proxy?: string;
  /** The mirror of its distribution, as a URL. */
  mirror?: string;
}

/** What is dialled by a URL. */
export interface Server {
  /** A name, or an address without brackets. */
  host: string;
  port: number;
  /** The host as a block of one address, where it is an address. */
  block?: Block;
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

/** What a URL dials; undefined for what is no URL. */
export function serverOf(url: string): Server | undefined {
  const parsed = parsedOf(url);
  if (!parsed) return undefined;
  const host = parsed.hostname.replace(/^\[|\]$/g, "");
  const version = isIP(host);
  const port = Number(parsed.port) || (parsed.protocol === "https:" ? 443 : 80);
  return { host, port, block: version === 0 ? undefined : blockOf(`${host}/${version === 4 ? 32 : 128}`) };
}

/** A URL as it is written into apt's configuration: with its port where it has one, without a slash at its end. */
export function normalizeUrl(url: string): string {
  return (parsedOf(url)?.href ?? url).replace(/\/+$/, "");
}

function parsedOf(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}

/** Who logs in where: it is nobody's to read. A password that is not encoded may have slashes in it. */
const LOGIN = /\/\/.*@/s;

/** Whether a URL has a user, and perhaps a password, in it. */
export function hasLogin(url: string): boolean {
  return LOGIN.test(url);
}

function withoutLogin(url: string): string {
  return url.replace(LOGIN, "//***@");
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
    ? ["127.0.0.0/8", "::1/128", "::ffff:127.0.0.0/104"].some((local) => contains(blockOf(local)!, block))
    : /^localhost\.?$|\.localhost\.?$/.test(host);
  if (!isLocal) return [];
  const reason = `${host} would be the helper itself, where nothing listens`;
  return [{ path, reason, fix: "Name it by an address that it has in the helper's network." }];
}

function checkLetOut(path: string, { host, block }: Server, egressCidrs: string[]): Problem[] {
  if (egressCidrs.length > 0 && !block) return [];
  if (egressCidrs.some((cidr) => block && contains(blockOf(cidr)!, block))) return [];
  const found = egressCidrs.length === 0 ? "is empty" : `is ${egressCidrs.join(", ")}`;
  const reason = `the helper may not connect to ${host}: ${EGRESS} ${found}`;
  const missing = block ? `${host}/${block.length}` : "the network that it is in";
  return [{ path, reason, fix: `Add ${missing} to ${EGRESS}.` }];
}
