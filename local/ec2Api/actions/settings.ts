/** What an account has settled for a region, and what requests that are silent about it then get. */
import type * as ec2 from "@aws-sdk/client-ec2";
import { ACCOUNT_ID } from "../../cloud/account";
import type { AccountSettings } from "../../cloud/settings";
import { changing, telling } from "../action";

export const getEbsEncryptionByDefault = telling<object, ec2.GetEbsEncryptionByDefaultResult>(
  [],
  async ({ cloud }) => ({ EbsEncryptionByDefault: (await cloud.settings.read()).encryptsByDefault }),
);

export const enableEbsEncryptionByDefault = changing<object, ec2.EnableEbsEncryptionByDefaultResult>(
  [],
  async ({ cloud }) =>
    async () => {
      const { encryptsByDefault } = await cloud.settings.change({ encryptsByDefault: true });
      return { EbsEncryptionByDefault: encryptsByDefault };
    },
);

export const disableEbsEncryptionByDefault = changing<object, ec2.DisableEbsEncryptionByDefaultResult>(
  [],
  async ({ cloud }) =>
    async () => {
      const { encryptsByDefault } = await cloud.settings.change({ encryptsByDefault: false });
      return { EbsEncryptionByDefault: encryptsByDefault };
    },
);

export const getEbsDefaultKmsKeyId = telling<object, ec2.GetEbsDefaultKmsKeyIdResult>(
  [],
  async ({ cloud }) => ({ KmsKeyId: (await cloud.settings.read()).kmsKeyId }),
);

export const modifyEbsDefaultKmsKeyId = changing<
  ec2.ModifyEbsDefaultKmsKeyIdRequest,
  ec2.ModifyEbsDefaultKmsKeyIdResult
>(["KmsKeyId"], async ({ cloud }, { KmsKeyId }) => async () => {
  const { kmsKeyId } = await cloud.settings.change({ kmsKeyId: KmsKeyId });
  return { KmsKeyId: kmsKeyId };
});

export const resetEbsDefaultKmsKeyId = changing<object, ec2.ResetEbsDefaultKmsKeyIdResult>(
  [],
  async ({ cloud }) =>
    async () => {
      const { kmsKeyId } = await cloud.settings.change({ kmsKeyId: undefined });
      return { KmsKeyId: kmsKeyId };
    },
);

export const getInstanceMetadataDefaults = telling<object, ec2.GetInstanceMetadataDefaultsResult>(
  [],
  async ({ cloud }) => ({ AccountLevel: shown((await cloud.settings.read()).metadata) }),
);

function shown({
  httpTokens,
  httpTokensEnforced,
  ...rest
}: AccountSettings["metadata"]): ec2.InstanceMetadataDefaultsResponse {
  return {
    HttpTokens: httpTokens as ec2.HttpTokensState | undefined,
    HttpPutResponseHopLimit: rest.httpPutResponseHopLimit,
    HttpEndpoint: rest.httpEndpoint as ec2.InstanceMetadataEndpointState | undefined,
    InstanceMetadataTags: rest.instanceMetadataTags as ec2.InstanceMetadataTagsState | undefined,
    HttpTokensEnforced: httpTokensEnforced as ec2.HttpTokensEnforcedState | undefined,
    ManagedBy: "account",
  };
}

/** `no-preference` and -1 take a setting back. */
export const modifyInstanceMetadataDefaults = changing<
  ec2.ModifyInstanceMetadataDefaultsRequest,
  ec2.ModifyInstanceMetadataDefaultsResult
>(
  ["HttpTokens", "HttpPutResponseHopLimit", "HttpEndpoint", "InstanceMetadataTags", "HttpTokensEnforced"],
  async ({ cloud }, input) => {
    const { metadata } = await cloud.settings.read();
    const word = (asked: string | undefined, now: string | undefined) =>
      asked === undefined ? now : asked === "no-preference" ? undefined : asked;
    const hops = input.HttpPutResponseHopLimit;
    const changed: AccountSettings["metadata"] = {
      httpTokens: word(input.HttpTokens, metadata.httpTokens),
      httpEndpoint: word(input.HttpEndpoint, metadata.httpEndpoint),
      instanceMetadataTags: word(input.InstanceMetadataTags, metadata.instanceMetadataTags),
      httpTokensEnforced: word(input.HttpTokensEnforced, metadata.httpTokensEnforced),
      httpPutResponseHopLimit:
        hops === undefined ? metadata.httpPutResponseHopLimit : hops === -1 ? undefined : hops,
    };
    return async () => {
      await cloud.settings.change({ metadata: changed });
      return { Return: true };
    };
  },
);

export const describeVpcBlockPublicAccessOptions = telling<
  object,
  ec2.DescribeVpcBlockPublicAccessOptionsResult
>([], async ({ cloud, region }) => ({
  VpcBlockPublicAccessOptions: publicAccess((await cloud.settings.read()).blocksPublicAccess, region),
}));

export const modifyVpcBlockPublicAccessOptions = changing<
  ec2.ModifyVpcBlockPublicAccessOptionsRequest,
  ec2.ModifyVpcBlockPublicAccessOptionsResult
>(["InternetGatewayBlockMode"], async ({ cloud, region }, { InternetGatewayBlockMode }) => async () => {
  const { blocksPublicAccess } = await cloud.settings.change({
    blocksPublicAccess: InternetGatewayBlockMode,
  });
  return { VpcBlockPublicAccessOptions: publicAccess(blocksPublicAccess, region) };
});

function publicAccess(mode: string, region: string): ec2.VpcBlockPublicAccessOptions {
  return {
    ...{ AwsAccountId: ACCOUNT_ID, AwsRegion: region, State: "update-complete", ManagedBy: "account" },
    InternetGatewayBlockMode: mode as ec2.InternetGatewayBlockMode,
    ExclusionsAllowed: "not-allowed",
  };
}
