import type { MachineKind } from "../machines/machine";
import { ACCOUNT_ID } from "./account";
import type { Background, Begin } from "./background";
import { Ec2Error } from "./errors";
import { newId, notFound, requireWellFormed } from "./ids";
import { searchImages, type ImageQuery } from "./imageFilters";
import {
  planMappings,
  requireValidImage,
  type BlockDeviceMapping,
  type RegisterImageRequest,
} from "./imageRules";
import type { ImageArchitecture, VirtualizationType } from "./instanceTypes";
import type { SnapshotRecord, Snapshots } from "./snapshots";
import type { Collection, Store } from "./store";
import { requireValidTags, type Tags } from "./tags";

export interface ImageRecord {
  imageId: string;
  name: string;
  description: string;
  ownerId: string;
  isPublic: boolean;
  /** Accounts that may launch it beside the owner's, and `all`. */
  launchPermissions?: string[];
  isDisabled?: boolean;
  /** Product codes of AWS Marketplace: it bills instances of this image by them. */
  productCodes?: string[];
  architecture: ImageArchitecture;
  virtualizationType: VirtualizationType;
  rootDeviceName: string;
  /** Absent if its root is an EBS volume. */
  imageLocation?: string;
  blockDeviceMappings: BlockDeviceMapping[];
  kernelId?: string;
  ramdiskId?: string;
  enaSupport: boolean;
  sriovNetSupport?: string;
  bootMode?: string;
  imdsSupport?: string;
  tpmSupport?: string;
  state: "pending" | "available" | "failed";
  stateMessage?: string;
  creationDate: string;
  deprecationTime?: string;
  tags: Tags;
  /** The kind of machine that its instances run on. EC2 has no such thing: without KVM, a helper runs in a container. */
  machine: MachineKind;
}

/** AMIs. */
export class Images {
  private readonly records: Collection<ImageRecord>;
  private readonly beginRegistering: Begin<Pick<ImageRecord, "imageId">>;

  constructor(
    private readonly store: Store,
    private readonly background: Background,
    private readonly snapshotsOf: () => Snapshots,
  ) {
    this.records = store.collection("images");
    this.beginRegistering = background.define("register-image", {
      finish: ({ imageId }) => this.changePending(imageId, { state: "available" }),
      fail: ({ imageId }, error) =>
        this.changePending(imageId, { state: "failed", stateMessage: error.message }),
    });
  }

  /** RegisterImage. Answers `pending`; `available` follows. */
  async register(request: RegisterImageRequest): Promise<ImageRecord> {
    const image = await this.plan(request);
    return this.beginRegistering({ imageId: image.imageId }, () =>
      this.store.exclusively(async () => {
        await this.requireFreeName(request.name);
        await this.records.put(image.imageId, image);
        return image;
      }),
    );
  }

  /** The image that RegisterImage would make of a request. Refuses what RegisterImage refuses, and writes nothing. */
  async plan(request: RegisterImageRequest): Promise<ImageRecord> {
    requireValidImage(request);
    const mappings = planMappings(request, await this.snapshotsNamedIn(request));
    await this.requireFreeName(request.name);
    return newImage(request, mappings);
  }

  /** The image of this id. `AuthFailure` if it is another account's. */
  async requireOwn(imageId: string): Promise<ImageRecord> {
    const image = await this.describe(imageId);
    requireOwn(image);
    return image;
  }

  /** DisableImage and EnableImage. */
  setDisabled(imageId: string, isDisabled: boolean): Promise<void> {
    return this.change(imageId, { isDisabled });
  }

  /** Stores a record as it is: for images that exist before the user begins. */
  adopt(image: ImageRecord): Promise<void> {
    return this.store.exclusively(() => this.records.put(image.imageId, image));
  }

  /** The image of this id. `InvalidAMIID.NotFound` if there is none. */
  async describe(imageId: string): Promise<ImageRecord> {
    requireWellFormed("image", imageId);
    this.background.resumeAbandoned();
    const record = await this.records.get(imageId);
    if (!record) throw notFound("image", imageId);
    return record;
  }

  list(): Promise<ImageRecord[]> {
    this.background.resumeAbandoned();
    return this.records.list();
  }

  /** DescribeImages with filters. */
  async search(query: ImageQuery): Promise<ImageRecord[]> {
    return searchImages(await this.list(), query, new Date());
  }

  /** Ids of the images that use a snapshot. */
  async usersOf(snapshotId: string): Promise<string[]> {
    return (await this.list())
      .filter((image) => image.blockDeviceMappings.some((mapping) => mapping.ebs?.snapshotId === snapshotId))
      .map((image) => image.imageId);
  }

  /** Changes what can change in an image: description, deprecation, tags, who may launch it, its metadata options. */
  async modify(
    imageId: string,
    change: Partial<
      Pick<ImageRecord, "description" | "deprecationTime" | "tags" | "launchPermissions" | "imdsSupport">
    >,
  ): Promise<void> {
    requireValidTags(change.tags ?? {});
    if (change.deprecationTime !== undefined && new Date(change.deprecationTime) <= new Date()) {
      throw new Ec2Error(
        "InvalidParameterValue",
        `The deprecation time ${change.deprecationTime} is in the past. Name a later one`,
      );
    }
    await this.change(imageId, change);
  }

  /** DeregisterImage. Its snapshots stay, and its instances run on. */
  deregister(imageId: string): Promise<void> {
    return this.store.exclusively(async () => {
      requireOwn(await this.describe(imageId));
      await this.records.remove(imageId);
    });
  }

  private async snapshotsNamedIn(request: RegisterImageRequest): Promise<Map<string, SnapshotRecord>> {
    const ids = request.blockDeviceMappings.flatMap(({ ebs }) => ebs?.snapshotId ?? []);
    const snapshots = await Promise.all(ids.map((id) => this.snapshotsOf().describeShared(id)));
    return new Map(snapshots.map((snapshot) => [snapshot.snapshotId, snapshot]));
  }

  private async requireFreeName(name: string): Promise<void> {
    const taken = (await this.list()).find((image) => image.name === name && image.ownerId === ACCOUNT_ID);
    if (!taken) return;
    throw new Ec2Error(
      "InvalidAMIName.Duplicate",
      `AMI name ${name} is already in use by AMI ${taken.imageId}`,
    );
  }

  /** Does nothing if the image is gone: it may be deregistered at any time. */
  private changePending(imageId: string, change: Partial<ImageRecord>): Promise<void> {
    return this.store.exclusively(async () => {
      const image = await this.records.get(imageId);
      if (image?.state === "pending") await this.records.put(imageId, { ...image, ...change });
    });
  }

  private change(imageId: string, change: Partial<ImageRecord>): Promise<void> {
    return this.store.exclusively(async () => {
      const image = await this.describe(imageId);
      requireOwn(image);
      await this.records.put(imageId, { ...image, ...change });
    });
  }
}

/** Sets every default, also for parameters that are present but undefined. */
function newImage(request: RegisterImageRequest, blockDeviceMappings: BlockDeviceMapping[]): ImageRecord {
  return {
    ...request,
    imageId: newId("image"),
    description: request.description ?? "",
    architecture: request.architecture ?? "i386",
    virtualizationType: request.virtualizationType ?? "paravirtual",
    rootDeviceName: request.rootDeviceName ?? "",
    enaSupport: request.enaSupport ?? false,
    tags: request.tags ?? {},
    blockDeviceMappings,
    ownerId: ACCOUNT_ID,
    isPublic: false,
    state: "pending",
    creationDate: new Date().toISOString(),
    machine: "virtual-machine",
  };
}

function requireOwn(image: ImageRecord): void {
  if (image.ownerId === ACCOUNT_ID) return;
  throw new Ec2Error("AuthFailure", `Not authorized for image:${image.imageId}`);
}
