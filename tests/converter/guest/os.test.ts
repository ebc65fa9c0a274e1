import assert from "node:assert/strict";
import { readOs } from "../../../converter/guest/os";
import { phonyGuest, removePhonyGuests } from "./phonyGuest";

describe("which system a guest is", () => {
  after(removePhonyGuests);
  const CASES: [what: string, files: Record<string, string>, id: string, version: string][] = [
    [
      "SLES 11 without an os-release",
      { "/etc/SuSE-release": "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 1\n" },
      "suse",
      "11",
    ],
    [
      "openSUSE 11.2, whose /etc/issue greets first",
      {
        "/etc/SuSE-release": "openSUSE 11.2 (x86_64)\nVERSION = 11.2\n",
        "/etc/issue": 'Welcome to openSUSE 11.2 "Emerald" - Kernel \\r (\\l).\n',
      },
      "opensuse",
      "11.2",
    ],
    ["CentOS 5", { "/etc/redhat-release": "CentOS release 5.9 (Final)\n" }, "centos", "5.9"],
    ["Debian 6", { "/etc/debian_version": "6.0.7\n" }, "debian", "6.0.7"],
  ];
  for (const [what, files, id, version] of CASES)
    it(`is told by its own files: ${what}`, () => {
      const os = readOs(phonyGuest(files));
      assert.deepEqual([os.id, os.version], [id, version]);
    });
});
