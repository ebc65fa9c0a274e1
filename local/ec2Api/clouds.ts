import { REGION, REGIONS } from "../cloud/account";
import { Cloud, type CloudOptions } from "../cloud/cloud";
import { Ec2Error } from "../cloud/errors";
import { regionFolder } from "../cloud/regions";

/** What each region holds. A region that nobody has asked for has no folder. */
export class Clouds {
  private readonly opened = new Map<string, Cloud>();

  /** `home` is the region with the seeded images. */
  constructor(
    readonly home: Cloud,
    private readonly options: CloudOptions = {},
  ) {
    this.opened.set(REGION, home);
  }

  /** @throws Ec2Error for a region that there is not. */
  of(region: string): Cloud {
    if (!REGIONS.includes(region)) {
      throw new Ec2Error(
        "InvalidParameterValue",
        `The local cloud has no region ${region}. It has ${REGIONS.join(", ")}: set AWS_REGION to one of them`,
      );
    }
    const cloud = this.opened.get(region) ?? this.open(region);
    this.opened.set(region, cloud);
    return cloud;
  }

  /** Those that something was asked of. */
  all(): Cloud[] {
    return [...this.opened.values()];
  }

  private open(region: string): Cloud {
    const { directory } = this.home;
    return new Cloud(regionFolder(directory, region), { ...this.options, region });
  }
}
