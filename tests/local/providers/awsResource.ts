import type { Context, Properties, Provider } from "../../../local/providers/provider";

export const VOLUME = "aws:ebs/volume:Volume";
export const SNAPSHOT = "aws:ebs/snapshot:Snapshot";
export const AMI = "aws:ec2/ami:Ami";
export const INSTANCE = "aws:ec2/instance:Instance";
export const ATTACHMENT = "aws:ec2/volumeAttachment:VolumeAttachment";
export const GROUP = "aws:ec2/securityGroup:SecurityGroup";
export const KEY_PAIR = "aws:ec2/keyPair:KeyPair";
export const STATE = "aws:ec2transitgateway/instanceState:InstanceState";

/** What the engine does of a resource's life, without the engine: check, create, refresh, diff, update, delete. */
export class Resource {
  id = "";
  inputs: Properties = {};
  state: Properties = {};

  private constructor(
    private readonly provider: Provider,
    private readonly type: string,
    private readonly name: string,
  ) {}

  static async create(provider: Provider, type: string, inputs: Properties, name = "it"): Promise<Resource> {
    const resource = new Resource(provider, type, name);
    resource.inputs = await resource.check(inputs, undefined);
    const { id, state } = await resource.handler.create(resource.inputs, resource.context);
    return Object.assign(resource, { id, state });
  }

  async check(inputs: Properties, olds: Properties | undefined = this.inputs): Promise<Properties> {
    const checked = await this.handler.check?.(inputs, olds, this.context);
    const failures = (checked?.failures ?? []).map(({ property, reason }) => `${property}: ${reason}`);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    return checked?.inputs ?? inputs;
  }

  async diff(inputs: Properties) {
    const news = await this.check(inputs);
    return this.handler.diff?.(this.id, this.inputs, news, this.state);
  }

  async update(inputs: Properties): Promise<void> {
    const news = await this.check(inputs);
    this.state = (await this.handler.update?.(this.id, news, this.inputs, this.state, this.context)) ?? {};
    this.inputs = news;
  }

  /** False where it is gone. */
  async refresh(): Promise<boolean> {
    const found = await this.handler.read?.(this.id, this.state, this.context);
    if (found) Object.assign(this, { state: found.state, inputs: found.inputs });
    return found !== undefined;
  }

  delete(): Promise<void> {
    return this.handler.delete(this.id, this.state, this.context);
  }

  get handler() {
    return this.provider.resources[this.type];
  }

  private get context(): Context {
    const urn = `urn:pulumi:local::project::${this.type}::${this.name}`;
    return { urn, log: () => undefined, signal: new AbortController().signal };
  }
}
