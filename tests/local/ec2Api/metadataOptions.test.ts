/** What an instance's metadata service goes by: the launch, the account's defaults, and what is changed while it runs. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import {
  ModifyInstanceMetadataDefaultsCommand,
  ModifyInstanceMetadataOptionsCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
} from "@aws-sdk/client-ec2";
import { METADATA_FOLDER, RESPONDER_FILE, writeMetadata } from "../../../local/machines/metadata";
import { hvmRequest, newImage, newSnapshot } from "../cloud/fixture";
import { type Api, openApi } from "./api";

describe("the metadata options of an instance", () => {
  let api: Api;
  let ImageId: string;

  beforeEach(async () => {
    api = await openApi();
    const { snapshotId } = await newSnapshot(api.cloud);
    ImageId = (await newImage(api.cloud, hvmRequest(snapshotId, { name: "old" }))).imageId;
  });
  afterEach(() => api.end());

  /** Launches one, does as its machine does at its start, and gives what asks its service without a token. */
  async function launched(more: Partial<RunInstancesCommandInput> = {}) {
    const request = { ImageId, InstanceType: "t3.micro" as const, MinCount: 1, MaxCount: 1, ...more };
    const { Instances = [] } = await api.client.send(new RunInstancesCommand(request));
    await api.cloud.background.settled();
    const { directory, metadata, userData, metadataOptions } = api.machines.specs.at(-1)!;
    writeMetadata(directory, metadata, userData, metadataOptions);
    const ask = () => {
      const input = "GET /latest/meta-data/instance-id HTTP/1.1\r\n\r\n";
      const words = [join(directory, RESPONDER_FILE), join(directory, METADATA_FOLDER)];
      return Number(spawnSync("sh", words, { input, encoding: "utf8" }).stdout.split(" ")[1]);
    };
    return { InstanceId: Instances[0].InstanceId, ask };
  }

  it("are EC2's where nobody says anything", async () => {
    assert.equal((await launched()).ask(), 200);
  });

  it("are those of its launch, and change while it runs", async () => {
    const { InstanceId, ask } = await launched({ MetadataOptions: { HttpTokens: "required" } });
    assert.equal(ask(), 401);
    const change = (options: object) =>
      api.client.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId, ...options }));
    await change({ HttpTokens: "optional" });
    assert.equal(ask(), 200);
    await change({ HttpEndpoint: "disabled" });
    assert.equal(ask(), 403);
    await change({ HttpEndpoint: "enabled", HttpTokens: "required" });
    assert.equal(ask(), 401);
  });

  it("are the account's where the launch says nothing", async () => {
    await api.client.send(new ModifyInstanceMetadataDefaultsCommand({ HttpTokens: "required" }));
    assert.equal((await launched()).ask(), 401);
  });
});
