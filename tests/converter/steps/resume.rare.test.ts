/** A conversion that is ended in each piece of work that `resume.test.ts` leaves out: together they are every step. */
import { describeResumption, type Moment } from "./resuming";

const MOMENTS: Moment[] = [
  ["partition", /^partitioning /],
  ["copy, in its check", /^checking the copy's filesystem/],
  ["configure, in the guest's own program", /^rebuilding 1 initramfs/, 300],
  ["install-grub", /^writing GRUB /],
  ["verify", /^reading the result again/],
];

describeResumption("a conversion that was interrupted in another step", MOMENTS);
