/**
 * Finished migrations, made cheaply: one is really run, and its part of the stack's state is copied under other names.
 * The copies share the first one's resources, so the state is put back before anything is destroyed.
 */
import type { Deployment } from "@pulumi/pulumi/automation";
import { Cloud } from "../local/cloud/cloud";
import { join } from "node:path";
import { benchFolder, migrationName, previewStack } from "./previewOnce";

interface State {
  resources: { urn: string }[];
}

/** Runs `work` while the stack `bench-finished` holds this many finished migrations. */
export async function withFinished(
  root: string,
  count: number,
  log: (line: string) => void,
  work: () => Promise<void>,
): Promise<void> {
  log("one migration is run, for the finished ones");
  const stack = await previewStack(root, { count: 1, stage: "finished" });
  try {
    await stack.up();
    const finished = await stack.exportStack();
    await publishCopies(root, count);
    await stack.importStack(withCopies(finished, count));
    try {
      await work();
    } finally {
      await stack.importStack(finished);
      await forgetCopies(root);
    }
  } finally {
    await stack.destroy();
  }
}

function withCopies(finished: Deployment, count: number): Deployment {
  const state = finished.deployment as State;
  const first = migrationName(0);
  const ours = JSON.stringify(state.resources.filter(({ urn }) => urn.includes(`::${first}`)));
  const copies = others(count).flatMap(
    (name) => JSON.parse(ours.replaceAll(first, name)) as State["resources"],
  );
  return { ...finished, deployment: { ...state, resources: [...state.resources, ...copies] } };
}

function others(count: number): string[] {
  return Array.from({ length: count - 1 }, (_, index) => migrationName(index + 1));
}

/** The image that each of them has published, which a program finds by its tags. */
async function publishCopies(root: string, count: number): Promise<void> {
  const { images } = cloudOf(root);
  for (const image of await images.list()) {
    if (image.tags["pv-to-hvm:migration"] !== migrationName(0)) continue;
    for (const [index, name] of others(count).entries()) {
      const imageId = `${COPY}${String(index).padStart(9, "0")}`;
      await images.adopt({ ...image, imageId, name, tags: { ...image.tags, "pv-to-hvm:migration": name } });
    }
  }
}

const COPY = "ami-0c0b1e50";

async function forgetCopies(root: string): Promise<void> {
  const { images } = cloudOf(root);
  const copies = (await images.list()).filter(({ imageId }) => imageId.startsWith(COPY));
  for (const { imageId } of copies) await images.deregister(imageId);
}

function cloudOf(root: string): Cloud {
  return new Cloud(join(benchFolder(root), "cloud"));
}
