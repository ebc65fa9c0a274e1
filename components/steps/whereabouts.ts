import * as pulumi from "@pulumi/pulumi";
import { getInstance, type GetInstanceResult } from "@pulumi/aws/ec2/getInstance";
import { getInstances } from "@pulumi/aws/ec2/getInstances";
import { isEnded } from "../checks/instanceChecks";
import { ALIVE } from "../lookups/instances";
import { isDenied } from "../denied";

/** What EC2 says of an instance that matters for reaching it. */
export type Whereabouts = Pick<GetInstanceResult, "instanceState" | "privateIp" | "publicIp">;

/** An instance, and the addresses that are remembered of it. */
export interface Reached {
  id: pulumi.Output<string>;
  publicIp?: pulumi.Output<string>;
  privateIp?: pulumi.Output<string>;
}

/** How an instance is reached, and what the user may do where it is not there. */
export interface Reaching {
  /** What it is to the user: `the helper`. */
  called: string;
  /** By its private address. */
  isPrivate: boolean;
  /** What is dialled in the place of its address. */
  host?: pulumi.Input<string>;
  /** Sentences without colons and brackets, see `hostNow`. */
  advice: { whenStopped: string; whenGone: string; withoutAddress: string };
}

/** What is dialled. */
export interface Host {
  host: string;
  /** False: `host` is a sentence that says why there is nothing to dial. */
  isThere: boolean;
}

/**
 * Where an instance is reached at this moment. Its resource remembers the address that it was made with, and every start
 * brings another one. Never rejects: a finished step's connection is made as well, and left alone (`ignoreChanges`),
 * whatever has become of the instance. `after`: changes of its state that come first.
 */
export function whereabouts(
  { id, publicIp, privateIp }: Reached,
  reaching: Reaching,
  parent: pulumi.Resource,
  after: pulumi.Output<unknown>[] = [],
): pulumi.Output<Host> {
  return pulumi
    .all([id, publicIp, privateIp, reaching.host, pulumi.all(after)])
    .apply(async ([instanceId, remembersPublic = "", remembersPrivate = "", host]) => {
      const remembered = { instanceState: "running", publicIp: remembersPublic, privateIp: remembersPrivate };
      const found = await lookUpWhereabouts(instanceId, parent, remembered);
      return hostNow(instanceId, found, reaching, host);
    });
}

/**
 * Undefined where it is terminated. Where EC2 cannot be asked, what is remembered is as good as anything. Tags of a terminated
 * instance go before the instance does, and with them the right to look into it where that goes by tags; whether it is alive
 * EC2 tells without.
 */
async function lookUpWhereabouts(
  instanceId: string,
  parent: pulumi.Resource,
  remembered: Whereabouts,
): Promise<Whereabouts | undefined> {
  try {
    const { instanceState, privateIp, publicIp } = await getInstance({ instanceId }, { parent });
    return { instanceState, privateIp, publicIp };
  } catch (error) {
    const { message } = error as Error;
    if (isGone(message)) return undefined;
    return isDenied(message) && (await isNoMore(instanceId, parent)) ? undefined : remembered;
  }
}

/** Whether EC2 knows of no such instance that has not ended. False where it does not answer. */
async function isNoMore(instanceId: string, parent: pulumi.Resource): Promise<boolean> {
  const filters = [{ name: "instance-id", values: [instanceId] }];
  try {
    return (await getInstances({ filters, instanceStateNames: ALIVE }, { parent })).ids.length === 0;
  } catch {
    return false;
  }
}

/** EC2 shows terminated instances for an hour and then forgets them. */
export function isGone(message: string): boolean {
  return /no matching EC2 Instance|returned no results|InvalidInstanceID\.NotFound/i.test(message);
}

/**
 * The address to dial, or why there is none. The latter stands in the host's place, since that is what a failing dial
 * shows: `dial tcp: lookup the helper i-… is stopped. …: no such host`. No name on any network has spaces, so nobody is asked
 * for it. A colon or a bracket would be taken for a part of an IPv6 address. `named`: what is dialled in the place of its
 * address, as long as the instance runs.
 */
export function hostNow(
  instanceId: string,
  found: Whereabouts | undefined,
  reaching: Pick<Reaching, "called" | "isPrivate" | "advice">,
  named?: string,
): Host {
  const { called, isPrivate, advice } = reaching;
  const absent = (how: string, what: string): Host => ({
    host: `${called} ${instanceId} ${how}. ${what}`,
    isThere: false,
  });
  if (!found || isEnded(found.instanceState)) {
    return absent("is gone", advice.whenGone);
  }
  if (!["running", "pending"].includes(found.instanceState)) {
    return absent(`is ${found.instanceState}`, advice.whenStopped);
  }
  const host = named ?? (isPrivate ? found.privateIp : found.publicIp);
  if (!host) return absent(`has no ${isPrivate ? "private" : "public"} address`, advice.withoutAddress);
  return { host, isThere: true };
}
