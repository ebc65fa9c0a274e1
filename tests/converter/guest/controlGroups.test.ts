/** Where groups of processes are limited on this machine, by what the kernel says of its mounts; that they are is tried by the guests that mean harm. */
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type Controller, placeOf } from "../../../converter/guest/controlGroups";
import { removeFolders, scratchFolder } from "../disk/images";

const V1 = `24 20 0:21 / /sys rw,nosuid - sysfs sysfs rw
31 24 0:27 / /sys/fs/cgroup/pids rw,relatime shared:9 - cgroup cgroup rw,pids
32 24 0:28 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
`;
const IN_A_CONTAINER = V1.replaceAll(" / /sys/fs/cgroup/", " /docker/abc /sys/fs/cgroup/");

describe("the place of a group of processes", () => {
  let second: string;
  before(() => {
    second = scratchFolder();
    fs.writeFileSync(path.join(second, "cgroup.controllers"), "cpu memory pids\n");
  });
  after(removeFolders);

  const CASES: [string, () => { mounts: string; groups: string }, Controller, string | undefined][] = [
    [
      "is below this program's own, where each controller has a tree",
      () => ({ mounts: V1, groups: "8:pids:/user.slice\n4:memory:/\n0::/\n" }),
      "pids",
      "/sys/fs/cgroup/pids/user.slice",
    ],
    [
      "is the tree's root for a program that is there",
      () => ({ mounts: V1, groups: "8:pids:/user.slice\n4:memory:/\n" }),
      "memory",
      "/sys/fs/cgroup/memory",
    ],
    [
      "is where a container sees its own part of the tree",
      () => ({ mounts: IN_A_CONTAINER, groups: "8:pids:/docker/abc/inner\n" }),
      "pids",
      "/sys/fs/cgroup/pids/inner",
    ],
    [
      "is where a container sees what is not its own",
      () => ({ mounts: IN_A_CONTAINER, groups: "8:pids:/elsewhere\n" }),
      "pids",
      "/sys/fs/cgroup/pids",
    ],
    [
      "is the root of the one tree that newer systems have",
      () => ({
        mounts: `30 24 0:26 / ${second} rw shared:4 - cgroup2 cgroup2 rw\n`,
        groups: "0::/user.slice/a.scope\n",
      }),
      "memory",
      "second",
    ],
    ["is nowhere, where nothing is mounted", () => ({ mounts: "", groups: "0::/\n" }), "pids", undefined],
    [
      "is nowhere, where the controller is switched off",
      () => ({ mounts: V1.split("\n").slice(0, 2).join("\n"), groups: "8:pids:/\n" }),
      "memory",
      undefined,
    ],
  ];
  for (const [what, word, controller, expected] of CASES)
    it(what, () =>
      assert.equal(placeOf(controller, word())?.folder, expected === "second" ? second : expected),
    );
});
