/**
 * What a stack's configuration may hold. Pulumi.yaml can type a setting, and not what is inside an object, so the engine
 * refuses a wrong kind of setting and this table everything below. A test holds it against the component's schema.
 */

/** What a value of the configuration must be; a record for an object with these keys. */
export type Shape = "string" | "number" | "boolean" | "strings" | "map" | ObjectShape;

/** Each key that an object may have, and what its value must be. */
export type ObjectShape = { [key: string]: Shape };

/** A private key may be named by its file instead, which is read while the program runs. */
const PRIVATE_KEY: ObjectShape = { privateKey: "string", privateKeyFile: "string" };

const JUMP_HOST: ObjectShape = {
  host: "string",
  port: "number",
  user: "string",
  ...PRIVATE_KEY,
  hostKey: "string",
};

const CONNECTION: ObjectShape = {
  user: "string",
  ...PRIVATE_KEY,
  hostKey: "string",
  port: "number",
  usePrivateAddress: "boolean",
  jumpHost: JUMP_HOST,
};

/**
 * One entry of `migrations`: `enabled`, `formerName`, and the component's arguments except what only programs can give.
 */
export const ENTRY: ObjectShape = {
  enabled: "boolean",
  source: {
    imageId: "string",
    snapshotId: "string",
    volumeId: "string",
    instanceId: "string",
    architecture: "string",
    stopFirst: "boolean",
    connection: { host: "string", ...CONNECTION },
    prepare: "boolean",
    otherVolumes: "string",
    volumeInitializationRate: "number",
  },
  helper: {
    subnetId: "string",
    allowedCidrs: "strings",
    egressCidrs: "strings",
    proxy: "string",
    mirror: "string",
    instanceType: "string",
    imageId: "string",
    usePrivateAddress: "boolean",
    jumpHost: JUMP_HOST,
  },
  destination: {
    sizeGb: "number",
    volumeType: "string",
    encrypted: "boolean",
    kmsKeyId: "string",
    grow: "boolean",
    layout: "string",
  },
  guest: { families: "strings" },
  image: { name: "string", description: "string", tags: "map", ena: "boolean" },
  launch: {
    instanceType: "string",
    subnetId: "string",
    securityGroupIds: "strings",
    keyName: "string",
    onNewImage: "string",
    metadataTokens: "string",
    connection: CONNECTION,
  },
  rehearsal: { timeoutSeconds: "number", skip: "boolean" },
  timeouts: {
    helperSeconds: "number",
    stepSeconds: "number",
    snapshotSeconds: "number",
    imageSeconds: "number",
    launchSeconds: "number",
  },
  until: "string",
  revision: "number",
  workbench: "string",
  protect: "boolean",
  keepImage: "boolean",
  secretReports: "boolean",
  tags: "map",
  formerName: "string",
};

/** What stands for an argument in a file of configuration alone. */
const IN_FILES = ["enabled", "formerName", "privateKeyFile"];

/** The component's own arguments: an entry's, and what only programs can give. */
export const ARGUMENTS: ObjectShape = withoutFiles({
  ...ENTRY,
  helper: { ...(ENTRY.helper as ObjectShape), waitFor: "strings" },
});

function withoutFiles(shape: ObjectShape): ObjectShape {
  const kept = Object.entries(shape).filter(([key]) => !IN_FILES.includes(key));
  return Object.fromEntries(
    kept.map(([key, inner]) => [key, typeof inner === "object" ? withoutFiles(inner) : inner]),
  );
}
