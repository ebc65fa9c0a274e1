/** Service Quotas as a preflight asks it: the real SDK, and values that are given by hand. */
import assert from "node:assert/strict";
import {
  GetServiceQuotaCommand,
  ListServiceQuotasCommand,
  ServiceQuotasClient,
} from "@aws-sdk/client-service-quotas";
import { changeQuota, quotaLines } from "../../../local/ec2Api/serviceQuotas";
import { type Api, openApi } from "./api";

describe("Service Quotas", () => {
  let api: Api;
  let client: ServiceQuotasClient;
  beforeEach(async () => {
    api = await openApi();
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    client = new ServiceQuotasClient({ region: "us-east-1", endpoint: api.url, credentials });
  });
  afterEach(async () => {
    client.destroy();
    await api.end();
  });

  const value = async (ServiceCode: string, QuotaCode: string) =>
    (await client.send(new GetServiceQuotaCommand({ ServiceCode, QuotaCode }))).Quota?.Value;

  it("are those of a new account, until one is given another value", async () => {
    assert.equal(await value("ec2", "L-1216C47A"), 64);
    await changeQuota(api.cloud.settings, "L-1216C47A", 8);
    assert.equal(await value("ec2", "L-1216C47A"), 8);
    assert.equal(await value("ebs", "L-7A658B76"), 50);
    assert.match((await quotaLines(api.cloud.settings))[0], /^L-1216C47A +8 {2}Running On-Demand Standard/);
  });

  it("are listed by service", async () => {
    const { Quotas = [] } = await client.send(new ListServiceQuotasCommand({ ServiceCode: "ebs" }));
    assert.deepEqual(
      Quotas.map(({ QuotaCode }) => QuotaCode),
      ["L-7A658B76", "L-D18FCD1D"],
    );
  });

  it("that there are not are refused by name", async () => {
    await assert.rejects(value("ec2", "L-0"), {
      name: "NoSuchResourceException",
      message: /^The local cloud has no quota L-0 of ec2\./,
    });
    await assert.rejects(
      changeQuota(api.cloud.settings, "L-0", 1),
      /^Error: L-0: no such quota\. There are L-1216C47A \(ec2\),/,
    );
    await assert.rejects(
      changeQuota(api.cloud.settings, "L-1216C47A", NaN),
      /^Error: NaN: a quota is a number of 0 or more\.$/,
    );
  });
});
