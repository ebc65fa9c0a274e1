/**
 * A Debian mirror of one package, `lzop`, behind an HTTP proxy. The package is empty; `fixtures/mirror` was signed once by a key that
 * was thrown away, on a day long past, so that no clock is before it.
 */
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

const MIRROR = join(__dirname, "fixtures", "mirror");
/** The public half of the key that signed it. */
export const KEY_OF_MIRROR = join(MIRROR, "mirror.asc");
/** Nobody's: whoever gets something from there got it through the proxy. */
export const URL_OF_MIRROR = "http://mirror.invalid/debian";

/** An HTTP proxy in front of the one mirror that it knows, and what was asked of it. */
export class Proxy {
  readonly asked: string[] = [];
  /** Answers 404 for what begins so. */
  lacks = "";
  private readonly server: Server;

  constructor() {
    this.server = createServer(({ url = "", headers }, response) => {
      this.asked.push(`${url}${headers["proxy-authorization"] ? " with a login" : ""}`);
      const { host, pathname } = new URL(url, "http://none.invalid");
      const file = join(MIRROR, pathname);
      const has = host === "mirror.invalid" && existsSync(file) && statSync(file).isFile();
      if (!has || (this.lacks && pathname.startsWith(this.lacks))) response.writeHead(404).end();
      else createReadStream(file).pipe(response);
    });
  }

  /** Its port. */
  async open(address = "127.0.0.1"): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, address, resolve));
    return (this.server.address() as AddressInfo).port;
  }

  close = () => this.server.close();
}
