/** The local cloud's door, where it is noted what is asked, by whom, and of what: so that it can be judged again. */
import { createServer, type Server } from "node:http";
import { ACCOUNT_ID } from "../../../local/cloud/account";
import type { Cloud } from "../../../local/cloud/cloud";
import { Clouds } from "../../../local/ec2Api/clouds";
import { Door, type Request } from "../../../local/ec2Api/door";
import { rightsIn, thingOf } from "../../../local/ec2Api/rights";
import { listen, serve } from "../../../local/ec2Api/server";
import type { Asked } from "../../../local/rights/evaluate";
import { allAsked } from "../../../local/rights/rights";

/** One request as it came to the door: everything that IAM was asked about it then. */
export interface Met {
  /** An access key. */
  caller: string;
  asked: Asked[];
}

/**
 * pulumi-aws asks for it of every image, by the image's id. EC2 refuses that with a right and without, and nothing comes of
 * it: no policy has it.
 */
const REFUSED_WITHOUT_HARM = "GetInstanceUefiData";

export class Witness {
  /** All since the beginning. */
  readonly met: Met[] = [];

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  /** In front of a cloud whose callers have policies: it refuses what the cloud's own door would. */
  static async before(cloud: Cloud | Clouds): Promise<Witness> {
    const clouds = cloud instanceof Clouds ? cloud : new Clouds(cloud);
    const authorize = rightsIn(clouds);
    const door = new Door(clouds, async (request) => {
      if (request.action !== REFUSED_WITHOUT_HARM) witness.met.push(await seen(request));
      await authorize(request);
    });
    const server = createServer((request, response) => void serve(door, request, response));
    const witness = new Witness(await listen(server, 0), server);
    return witness;
  }

  /** The actions that a caller asked for, each once, sorted. */
  actionsOf(caller: string): string[] {
    const all = this.met.filter((each) => each.caller === caller).flatMap(({ asked }) => asked);
    return [...new Set(all.map(({ action }) => action))].sort();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

async function seen({ context, action, input }: Request): Promise<Met> {
  const { caller, region, cloud } = context;
  const request = { action, input, region, account: ACCOUNT_ID };
  return { caller: caller.accessKeyId, asked: await allAsked(request, (id) => thingOf(cloud, id)) };
}
