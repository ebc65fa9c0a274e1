/** What a user's program may have beside the package: the two ends of the ranges in package.json. */
import { OLDEST_PEERS, type Peer } from "../../../components/program/peers";

/** A version of each. */
export type Versions = Record<Peer, string>;

/** The only one for Node 20: @pulumi/pulumi 3.249 and later ask for Node 22. */
export const OLDEST: Versions = OLDEST_PEERS;

/** The newest that there were when this was last looked at; `today.rare.test.ts` asks npm for today's. */
export const NEWEST: Versions = {
  "@pulumi/pulumi": "3.276.0",
  "@pulumi/aws": "7.48.0",
  "@pulumi/command": "1.2.1",
  "@pulumi/tls": "5.6.1",
};
