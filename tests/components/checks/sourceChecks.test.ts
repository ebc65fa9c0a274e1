import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../../../components";
import { formatProblem } from "../../../components/checks/problems";
import { checkArgs } from "../../../components/checks/validate";
import { IDS } from "../ec2";
import { keyCalled } from "../keys";
import { ARGS, PREPARING } from "../mockEngine";

const ONE =
  "Give exactly one: the image, a snapshot of its root volume, the root volume itself, or the instance.";
const COPY = "Copy the id from EC2's console or from another stack's output.";
const LOGIN = { user: "root", privateKey: keyCalled("") };
const instance = (parts: object) => ({ instanceId: IDS.instance, ...parts });
const volume = (parts: object) => ({ volumeId: IDS.root, ...parts });

/** Values of wrong types are what a user of plain JavaScript or YAML may write. */
const ROWS: [source: unknown, lines: string[]][] = [
  // one id
  [{}, [`source: none of imageId, snapshotId, volumeId, instanceId is given. ${ONE}`]],
  [undefined, [`source: none of imageId, snapshotId, volumeId, instanceId is given. ${ONE}`]],
  [{ imageId: "" }, [`source: none of imageId, snapshotId, volumeId, instanceId is given. ${ONE}`]],
  [
    { imageId: IDS.image, snapshotId: IDS.snapshot },
    [`source: imageId and snapshotId are both given. ${ONE}`],
  ],
  [
    instance({ imageId: IDS.image, volumeId: IDS.root }),
    [`source: imageId, volumeId and instanceId are all given. ${ONE}`],
  ],
  // its shape
  [
    { imageId: "ami-xyz" },
    [`source.imageId: must be ami- and 8 or 17 hexadecimal digits, got "ami-xyz". ${COPY}`],
  ],
  [
    { snapshotId: IDS.image },
    [`source.snapshotId: must be snap- and 8 or 17 hexadecimal digits, got "${IDS.image}". ${COPY}`],
  ],
  [
    { volumeId: IDS.instance },
    [`source.volumeId: must be vol- and 8 or 17 hexadecimal digits, got "${IDS.instance}". ${COPY}`],
  ],
  [
    { instanceId: IDS.root },
    [`source.instanceId: must be i- and 8 or 17 hexadecimal digits, got "${IDS.root}". ${COPY}`],
  ],
  // the architecture
  [
    { imageId: IDS.image, architecture: "i386" },
    ["source.architecture: an image knows its own. Remove it; it goes with snapshotId and volumeId only."],
  ],
  [
    instance({ architecture: "i386" }),
    ["source.architecture: an instance knows its own. Remove it; it goes with snapshotId and volumeId only."],
  ],
  [
    volume({ architecture: "arm64" }),
    ["source.architecture: must be one of x86_64, i386, got arm64. Choose one of these."],
  ],
  // what only a running instance can be asked
  [
    { imageId: IDS.image, stopFirst: true, connection: LOGIN, prepare: true },
    [
      "source.stopFirst: an image cannot be stopped. Remove it, or give the instance as instanceId in place of imageId.",
      "source.connection: an image cannot be connected to. Remove it, or give the instance as instanceId in place of imageId.",
      "source.prepare: an image cannot be prepared. Remove it, or give the instance as instanceId in place of imageId.",
    ],
  ],
  [
    volume({ stopFirst: true }),
    [
      "source.stopFirst: a volume cannot be stopped. Remove it, or give the instance as instanceId in place of volumeId.",
    ],
  ],
  [
    instance({ prepare: true }),
    [
      "source.prepare: the instance is prepared over ssh, and nothing says how it is reached. " +
        "Give source.connection, or remove prepare: the copy is prepared on the helper either way.",
    ],
  ],
  [
    instance({ stopFirst: pulumi.output(true) }),
    ["source.stopFirst: must be true or false, got an output. Give the plain value, or remove it for false."],
  ],
  [
    instance({ connection: LOGIN, prepare: "yes" }),
    ['source.prepare: must be true or false, got "yes". Give the plain value, or remove it for false.'],
  ],
  // what else goes with one kind alone, or with all
  [
    { snapshotId: IDS.snapshot, otherVolumes: "ignore" },
    [
      "source.otherVolumes: is about the volumes that an image maps. Remove it; it goes with imageId only, and not with snapshotId.",
    ],
  ],
  [
    { imageId: IDS.image, otherVolumes: "keep" },
    ["source.otherVolumes: must be one of refuse, ignore, got keep. Choose one of these."],
  ],
  ...[99, 301, 150.5].map((rate): (typeof ROWS)[number] => [
    volume({ volumeInitializationRate: rate }),
    [
      `source.volumeInitializationRate: must be a whole number of MiB/s from 100 to 300, got ${rate}. ` +
        "Remove it to have blocks loaded as they are read.",
    ],
  ]),
  // the login
  [
    instance({ connection: { user: "", jumpHost: { host: "bastion" } } }),
    [
      "source.connection.user: is missing. Name it.",
      "source.connection.privateKey: is missing. Give the key itself, or privateKeyFile in a stack's configuration.",
      "source.connection.jumpHost.privateKey: is missing. Give the key itself, or privateKeyFile in a stack's configuration.",
    ],
  ],
  [
    instance({ connection: { ...LOGIN, host: "old.example", usePrivateAddress: true } }),
    [
      "source.connection.usePrivateAddress: has no meaning beside host, which says what is dialled. Remove one of the two.",
    ],
  ],
];

const ALLOWED: [what: string, source: unknown][] = [
  ["an image", { imageId: IDS.image }],
  ["a snapshot with an architecture", { snapshotId: IDS.snapshot, architecture: "i386" }],
  ["a volume with an architecture", volume({ architecture: "i386" })],
  ["an image whose other volumes are left behind", { imageId: IDS.image, otherVolumes: "ignore" }],
  ["an instance whose copy is loaded at a rate", instance({ volumeInitializationRate: 300 })],
  ["an id of 8 digits, as they were until 2016", { instanceId: "i-0a1b2c3d" }],
  ["an id that is an output, judged when it has resolved", { volumeId: pulumi.output("vol-x") }],
  ["an instance with all that it can be asked", PREPARING.source],
  [
    "an image that is not asked to be stopped or prepared",
    { imageId: IDS.image, stopFirst: false, prepare: false },
  ],
];

describe("what is said of a source is judged before anything is asked:", () => {
  for (const [source, lines] of ROWS) {
    it(lines.join(" "), () => {
      const args = { ...ARGS, source } as PvToHvmMigrationArgs;
      assert.deepEqual(checkArgs("web", args).map(formatProblem), lines);
    });
  }

  for (const [what, source] of ALLOWED) {
    it(`${what} is in order`, () => {
      assert.deepEqual(checkArgs("web", { ...ARGS, source } as PvToHvmMigrationArgs), []);
    });
  }
});
