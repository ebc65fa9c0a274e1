import assert from "node:assert/strict";
import { mmdebstrapCommand } from "../../../local/images/debianTree";
import { mke2fsCommand } from "../../../local/images/filesystemImage";

describe("the commands that build an image", () => {
  it("unpack a tree in a mount namespace of its own, so that an interruption leaves no mount", () => {
    const recipe = { suite: "trixie", packages: ["a", "b"], exclude: ["/usr/share/doc/*"], filesBefore: [] };
    assert.deepEqual(
      mmdebstrapCommand(recipe, "/c/tree", "/c/before", "deb http://m.example/d trixie main"),
      [
        ...["unshare", "--mount", "--fork", "--kill-child", "mmdebstrap"],
        ...["--mode=root", "--variant=minbase", "--format=directory", "--include=a,b"],
        ...[
          '--aptopt=Acquire::Languages "none"',
          "--dpkgopt=force-unsafe-io",
          "--dpkgopt=path-exclude=/usr/share/doc/*",
        ],
        ...[
          "--essential-hook=sync-in '/c/before' /",
          "trixie",
          "/c/tree",
          "deb http://m.example/d trixie main",
        ],
      ],
    );
  });

  it("keep packages apart that the guest is to install by itself, with nothing that it has already", () => {
    const repository = { folder: "/var/local/debian", packages: ["a", "b"] };
    const recipe = { suite: "bookworm", packages: [], exclude: [], filesBefore: [], repository };
    const hooks = mmdebstrapCommand(recipe, "/c/tree", "/c/before").filter((word) =>
      word.startsWith("--customize"),
    );
    const archives = '"$1"/var/cache/apt/archives/*.deb';
    assert.deepEqual(hooks, [
      `--customize-hook=rm -f ${archives}` +
        " && APT_CONFIG=$MMDEBSTRAP_APT_CONFIG apt-get install --yes --download-only a b" +
        ` && mkdir -p "$1/var/local/debian" && mv ${archives} "$1/var/local/debian/"`,
    ]);
  });

  it("give a filesystem exactly the features that are asked for", () => {
    const command = mke2fsCommand(
      { label: "root", sizeBytes: 1, features: ["none", "extent"] },
      "/tree",
      "/disk",
    );
    assert.deepEqual(command, "mke2fs -q -F -t ext4 -O none,extent -L root -m 1 -d /tree /disk".split(" "));
  });

  it("leave room before a filesystem where it is asked for, and say how large it is", () => {
    const recipe = { label: "root", sizeBytes: 4096 * 1024, features: [] };
    const command = mke2fsCommand(recipe, "/tree", "/disk", 1024 ** 2);
    assert.deepEqual(command.slice(5), "-E offset=1048576 -L root -m 1 -d /tree /disk 4096k".split(" "));
  });

  it("leave the features to mke2fs where none are asked for", () => {
    const command = mke2fsCommand({ label: "helper", sizeBytes: 1, features: [] }, "/tree", "/disk");
    assert.equal(command.includes("-O"), false);
  });
});
