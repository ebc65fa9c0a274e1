/** Servers that are named by a URL. Pure. */
import { type Block, blockOfAddress } from "./block";

/** What is dialled by a URL. */
export interface Server {
  /** A name, or an address without brackets. */
  host: string;
  port: number;
  /** The host as a block of one address, where it is an address. */
  block?: Block;
}

/** What a URL dials; undefined for what is no URL. */
export function serverOf(url: string): Server | undefined {
  const parsed = parsedOf(url);
  if (!parsed) return undefined;
  const host = parsed.hostname.replace(/^\[|\]$/g, "");
  const port = Number(parsed.port) || (parsed.protocol === "https:" ? 443 : 80);
  return { host, port, block: blockOfAddress(host) };
}

/** A URL as it is written into apt's configuration: with its port where it has one, without a slash at its end. */
export function normalizeUrl(url: string): string {
  return (parsedOf(url)?.href ?? url).replace(/\/+$/, "");
}

/** A URL's parts; undefined for what is none. */
export function parsedOf(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}

/** Who logs in where: it is nobody's to read. A password that is not encoded may have slashes in it. */
const LOGIN = /\/\/.*@/s;

/** Whether a URL has a user, and perhaps a password, in it. */
export function hasLogin(url: string): boolean {
  return LOGIN.test(url);
}

/** A URL as a message may show it. */
export function withoutLogin(url: string): string {
  return url.replace(LOGIN, "//***@");
}
