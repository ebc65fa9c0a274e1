/** What becomes of `helper.egressCidrs`, `helper.proxy` and `helper.mirror`: apt itself is asked for the latter two. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import type { HelperArgs } from "../../../components";
import { helperUserData } from "../../../components/steps/userData";
import { ARGS, child, refuse, register } from "../mockEngine";
import { KEY_OF_MIRROR, Proxy, URL_OF_MIRROR } from "./proxiedMirror";

type Values = Record<string, unknown>;

const withHelper = (parts: Partial<HelperArgs>) => ({ ...ARGS, helper: { ...ARGS.helper, ...parts } });

async function access(parts: Partial<HelperArgs>) {
  return child((await register(withHelper(parts))).registered, "access");
}

describe("the helper's security group", () => {
  const ROWS: [title: string, parts: Partial<HelperArgs>, rules: string[]][] = [
    [
      "lets out to what is named alone",
      { egressCidrs: ["10.0.0.7/8", "fd00::/64"] },
      ["udp 53", "tcp 53", "tcp 80", "tcp 443"].map((port) => `${port} 10.0.0.0/8 fd00::/64`),
    ],
    ["lets out nothing where nothing is named", { egressCidrs: [] }, []],
    [
      "lets out to a proxy, and to who knows its address",
      { proxy: "http://proxy.internal:3128", egressCidrs: ["10.0.0.0/8"] },
      ["udp 53 10.0.0.0/8", "tcp 53 10.0.0.0/8", "tcp 3128 10.0.0.0/8"],
    ],
    ["lets out to a proxy's address alone", { proxy: "http://10.0.0.7:3128" }, ["tcp 3128 10.0.0.7/32"]],
    [
      "lets out to the proxy, and not to a mirror behind it",
      { proxy: "http://10.0.0.7", mirror: "https://mirror.internal/debian" },
      ["tcp 80 10.0.0.7/32"],
    ],
    [
      "lets out to a mirror's port",
      { mirror: "https://mirror.internal/debian" },
      ["udp 53", "tcp 53", "tcp 443"].map((port) => `${port} 0.0.0.0/0 ::/0`),
    ],
    [
      "lets out to a mirror's address alone",
      { mirror: "http://[fd00::7]:8080/debian" },
      ["tcp 8080 fd00::7/128"],
    ],
  ];
  for (const [title, parts, rules] of ROWS) {
    it(title, async () => {
      const egress = (await access(parts)).inputs.egress as Values[];
      assert.deepEqual(
        egress.map(({ protocol, fromPort, toPort, cidrBlocks, ipv6CidrBlocks }) => {
          assert.equal(fromPort, toPort);
          return [protocol, fromPort, cidrBlocks, ipv6CidrBlocks].flat().join(" ");
        }),
        rules,
      );
    });
  }

  it("follows egressCidrs, and stays as it is where the program says nothing of them", async () => {
    assert.deepEqual((await access({})).ignoreChanges, ["vpcId", "description", "egress"]);
    assert.deepEqual((await access({ proxy: "http://10.0.0.7" })).ignoreChanges, [
      "vpcId",
      "description",
      "egress",
    ]);
    assert.deepEqual((await access({ egressCidrs: ["10.0.0.0/8"] })).ignoreChanges, ["vpcId", "description"]);
  });

  it("is not made of what is wrong, where the program gives it as an output", async () => {
    const { messages, registered } = await refuse(
      withHelper({ proxy: pulumi.output("http://localhost:3128") }),
    );
    assert.match(messages.join(), /helper\.proxy: localhost would be the helper itself/);
    assert.deepEqual(
      registered.filter(({ type }) => type.startsWith("aws:")),
      [],
    );
  });

  it("is recorded without a login in the clear", async () => {
    const proxy = "http://user:password@proxy.internal:3128";
    const mirror = "http://mirror.internal/debian";
    for (const given of [
      { proxy, mirror },
      { proxy: pulumi.output(proxy), mirror: pulumi.output(mirror) },
    ]) {
      const { registered } = await register(withHelper(given));
      const { helper } = registered.find(({ name }) => name === "web")!.inputs as { helper: Values };
      assert.equal((helper.proxy as Values).value, proxy);
      assert.equal(helper.mirror, mirror);
    }
  });
});

/** A machine's files below a folder, and apt as it would be there. */
class AptRoot {
  readonly folder = mkdtempSync(join(tmpdir(), "apt-"));

  constructor(files: Record<string, string>) {
    const { folder } = this;
    for (const name of [
      "etc/apt/trusted.gpg.d",
      "etc/apt/preferences.d",
      "var/lib/apt/lists/partial",
      "bin",
    ]) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    mkdirSync(join(folder, "var/cache/apt/archives/partial"), { recursive: true });
    this.write("var/lib/dpkg/status", "");
    this.write(
      "apt.conf",
      [
        `Dir "${folder}/"; Dir::State::status "${folder}/var/lib/dpkg/status";`,
        // The image's own, which nobody can reach: it is not to be asked.
        'APT::Architecture "amd64"; APT::Sandbox::User ""; APT::Get::Download-Only "true";',
        "",
      ].join("\n"),
    );
    this.write("etc/apt/sources.list", "deb http://image-own.invalid/debian trixie main\n");
    this.write("etc/os-release", "ID=debian\nVERSION_CODENAME=trixie\n");
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string, mode = 0o644) {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text, { mode });
  }

  /** Runs a program with apt's settings of this root. */
  async run(program: string, ...args: string[]) {
    const { folder } = this;
    const env = {
      ...{ PATH: `${folder}/bin:${process.env.PATH}`, LC_ALL: "C", APT_CONFIG: `${folder}/apt.conf` },
    };
    return promisify(execFile)(program, args, { env });
  }

  /** Runs a script of the user data, whose paths are this root's. */
  script(text: string) {
    return this.run("sh", "-c", text.replace(/\/(?=etc\/|usr\/share\/keyrings)/g, `${this.folder}/`));
  }

  remove = () => rmSync(this.folder, { recursive: true });
}

const KEYS = {
  hostKey: { privateKey: "key", publicKey: "ssh-ed25519 AAAA" },
  authorizedKey: "ssh-ed25519 BBBB",
};

describe("the helper's apt", () => {
  let proxy: Proxy;
  let port: number;
  let root: AptRoot;

  before(async () => {
    proxy = new Proxy();
    port = await proxy.open();
  });
  after(() => proxy.close());
  afterEach(() => {
    root.remove();
    proxy.asked.length = 0;
    proxy.lacks = "";
  });

  /** A machine that has been told, and lacks one package. */
  function told(way: { proxy?: string; mirror?: string }) {
    const config = parse(helperUserData({ ...KEYS, ...way }));
    root = new AptRoot({});
    for (const { path, content } of (config.write_files ?? []) as Values[]) {
      root.write((path as string).slice(1), content as string, 0o600);
    }
    root.write("bin/dpkg-query", '#!/bin/sh\n[ "$4" = lzop ] || echo install ok installed\n', 0o755);
    return config.runcmd[0] as string;
  }

  const trustMirror = () =>
    promisify(execFile)("cp", [KEY_OF_MIRROR, join(root.folder, "etc/apt/trusted.gpg.d")]);
  const fetched = () => existsSync(join(root.folder, "var/cache/apt/archives/lzop_1.0-1_amd64.deb"));
  const through = (login = "") => `http://${login}127.0.0.1:${port}`;

  it("reads the proxy for http and for https, a login in it included", async () => {
    told({ proxy: "http://user:p%22a%40ss@proxy.internal:3128" });
    const { stdout } = await root.run("apt-config", "dump", "--format", "%f=%v%n");
    const lines = stdout.split("\n").filter((line) => /^Acquire::https?::Proxy=/.test(line));
    assert.deepEqual(lines, [
      "Acquire::http::Proxy=http://user:p%22a%40ss@proxy.internal:3128",
      "Acquire::https::Proxy=http://user:p%22a%40ss@proxy.internal:3128",
    ]);
    assert.equal(statSync(join(root.folder, "etc/apt/apt.conf.d/90pv-to-hvm")).mode & 0o777, 0o600);
  });

  it("gets what is missing through the proxy from the mirror, its security archive included", async () => {
    const script = told({ proxy: through("user:p%40ss@"), mirror: `${URL_OF_MIRROR}/` });
    await trustMirror();
    await root.script(script);
    assert.ok(fetched());
    const asked = new Set(proxy.asked);
    for (const path of [
      "/dists/trixie/InRelease",
      "-security/dists/trixie-security/InRelease",
      "/pool/lzop_1.0-1_amd64.deb",
    ]) {
      assert.ok(asked.has(`${URL_OF_MIRROR}${path} with a login`), `${path} in\n${[...asked].join("\n")}`);
    }
    assert.deepEqual(
      [...asked].filter((url) => !url.startsWith("http://mirror.invalid/")),
      [],
    );
  });

  it("does without a security archive that the mirror does not have", async () => {
    proxy.lacks = "/debian-security/";
    const script = told({ proxy: through(), mirror: URL_OF_MIRROR });
    await trustMirror();
    await root.script(script);
    assert.ok(fetched());
  });

  it("takes nothing from a mirror that it does not trust, and fails", async () => {
    const script = told({ proxy: through(), mirror: URL_OF_MIRROR });
    await assert.rejects(root.script(script), /is not signed|NO_PUBKEY|Missing key/);
    assert.ok(!fetched());
  });

  it("asks the image's own sources through the proxy where no mirror is named", async () => {
    const script = told({ proxy: through() });
    await assert.rejects(root.script(script), /image-own\.invalid.* does not have a Release file/);
    assert.ok(proxy.asked.some((url) => url.startsWith("http://image-own.invalid/debian/dists/trixie/")));
  });
});
