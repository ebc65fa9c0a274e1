import { ACCOUNT_ID } from "./account";
import type { Collection, Store } from "./store";

/** What an account has settled for a region. */
export interface AccountSettings {
  /** Whether a volume is encrypted where nobody asked for it. */
  encryptsByDefault: boolean;
  /** The key of volumes that name none: an ARN. */
  kmsKeyId: string;
  /** What an instance gets whose launch does not say. */
  metadata: {
    httpTokens?: string;
    httpPutResponseHopLimit?: number;
    httpEndpoint?: string;
    instanceMetadataTags?: string;
    /** `enabled`: no instance is launched that answers without a token. */
    httpTokensEnforced?: string;
  };
  /** VPC Block Public Access: `off`, `block-ingress` or `block-bidirectional`. */
  blocksPublicAccess: string;
  /** What Service Quotas tells, by a quota's code; of what is not here, a new account's. */
  quotas: Record<string, number>;
  /** Whether instances start from disks that were put below the cloud's folder `s3`. */
  allowsForeignDisks: boolean;
}

const ONLY = "account";

/** As EC2 has them: per region, and of a new account none. */
export class Settings {
  private readonly records: Collection<Partial<AccountSettings>>;

  constructor(
    private readonly store: Store,
    private readonly region: string,
  ) {
    this.records = store.collection("settings");
  }

  async read(): Promise<AccountSettings> {
    return this.complete((await this.records.get(ONLY)) ?? {});
  }

  /** What is undefined in a change is EC2's own default again. */
  async change(change: Partial<AccountSettings>): Promise<AccountSettings> {
    return this.store.exclusively(async () => {
      const changed = { ...(await this.records.get(ONLY)), ...change };
      await this.records.put(ONLY, changed);
      return this.complete(changed);
    });
  }

  private complete(settings: Partial<AccountSettings>): AccountSettings {
    return {
      encryptsByDefault: settings.encryptsByDefault ?? false,
      kmsKeyId: settings.kmsKeyId ?? defaultKmsKey(this.region),
      metadata: settings.metadata ?? {},
      blocksPublicAccess: settings.blocksPublicAccess ?? "off",
      quotas: settings.quotas ?? {},
      allowsForeignDisks: settings.allowsForeignDisks ?? false,
    };
  }
}

/** The key that AWS keeps for an account's volumes. */
export function defaultKmsKey(region: string): string {
  return `arn:aws:kms:${region}:${ACCOUNT_ID}:alias/aws/ebs`;
}
