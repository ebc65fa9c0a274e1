import assert from "node:assert/strict";
import { debianSource } from "../../../local/images/aptSources";

const DEB822 = `Types: deb deb-src
URIs: http://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
`;

describe("the apt source of an image", () => {
  const cases: { title: string; sources: string[]; codename: string; expected: string | undefined }[] = [
    // The host's own mirror, of either kind of file.
    {
      title: "is the mirror of a deb822 file, with the suite replaced and no slash at its end",
      sources: [DEB822],
      codename: "bookworm",
      expected: "deb http://mirror.example/debian trixie main",
    },
    {
      title: "is the mirror of a one-line source, options left out",
      sources: [
        "# deb http://old.example/debian bookworm main\ndeb [signed-by=/k.gpg] https://m.example/d bookworm main\n",
      ],
      codename: "bookworm",
      expected: "deb https://m.example/d trixie main",
    },
    {
      title: "skips other archives, and stanzas that are switched off",
      sources: [
        "deb https://tools.example/apt stable main\n",
        DEB822.replace("Types:", "Enabled: no\nTypes:"),
        DEB822,
      ],
      codename: "bookworm",
      expected: "deb http://mirror.example/debian trixie main",
    },
    // Debian's own, where the host has none that holds Debian's suites.
    {
      title: "is Debian's own on a host without sources",
      sources: [],
      codename: "bookworm",
      expected: undefined,
    },
    {
      title: "is Debian's own on Ubuntu",
      sources: ["deb http://mirror.example/ubuntu noble main universe\n"],
      codename: "noble",
      expected: undefined,
    },
    {
      title: "is Debian's own where the host names only its security suite",
      sources: ["deb http://mirror.example/debian-security bookworm-security main\n"],
      codename: "bookworm",
      expected: undefined,
    },
  ];
  for (const { title, sources, codename, expected } of cases) {
    it(title, () => assert.equal(debianSource("trixie", sources, codename), expected));
  }
});
