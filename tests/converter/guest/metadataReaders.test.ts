import assert from "node:assert/strict";
import { findMetadataReaders } from "../../../converter/guest/metadataReaders";
import { phonyGuest, removePhonyGuests } from "./phonyGuest";

type Files = Parameters<typeof phonyGuest>[0];

const PACKAGE = "/usr/lib/python2.7/dist-packages/cloudinit";
const CURL = "curl http://169.254.169.254/latest/meta-data/instance-id\n";

const ROWS: [title: string, files: Files, found: string[]][] = [
  ["nothing in a guest that asks for none", { "/etc/rc.local": "echo up\n" }, []],
  [
    "cloud-init of 2014, whose version is what a function returns",
    { [`${PACKAGE}/version.py`]: 'def version_string():\n    return "0.7.5"\n' },
    ["cloud-init 0.7.5"],
  ],
  [
    "cloud-init as the last one without tokens has its version",
    { "/usr/lib/python3/dist-packages/cloudinit/version.py": '__VERSION__ = "19.4"\n' },
    ["cloud-init 19.4"],
  ],
  [
    "no cloud-init that asks for a token",
    { "/usr/lib/python3.6/site-packages/cloudinit/version.py": "__VERSION__ = '20.1'\n" },
    [],
  ],
  [
    "cloud-init once where two Pythons share it",
    {
      "/usr/share/pyshared/cloudinit/version.py": 'def version():\n    return "0.6.3"\n',
      [PACKAGE]: { link: "/usr/share/pyshared/cloudinit" },
    },
    ["cloud-init 0.6.3"],
  ],
  [
    "cloud-init where nothing tells its version",
    { "/usr/bin/cloud-init": "#!/usr/bin/python\n" },
    ["cloud-init, of an unknown version"],
  ],
  ["a script that asks", { "/etc/rc.d/rc.local": CURL }, ["/etc/rc.d/rc.local"]],
  [
    "a start script of the first years",
    { "/etc/init.d/ec2-init": "exec ec2-init\n" },
    ["/etc/init.d/ec2-init"],
  ],
  ["no script that has its question in a comment", { "/etc/rc.local": `# ${CURL}` }, []],
  [
    "no script that asks for a token first",
    { "/usr/local/bin/who": `curl -X PUT http://169.254.169.254/latest/api/token\n${CURL}` },
    [],
  ],
  [
    "nothing that only cloud-init's settings name",
    { "/etc/cloud/cloud.cfg": `metadata_urls: [${CURL}]` },
    [],
  ],
];

describe("finding what reads metadata without a token", () => {
  after(removePhonyGuests);

  for (const [title, files, found] of ROWS) {
    it(`finds ${title}`, () => assert.deepEqual(findMetadataReaders(phonyGuest(files)), found));
  }

  it("lists ten files and no more", () => {
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`/etc/cron.d/f${index}`, CURL]),
    );
    assert.equal(findMetadataReaders(phonyGuest(many)).length, 10);
  });
});
