/** command:remote:CopyToRemote: a file, text or folder of this machine, copied to another over SFTP. */
import { randomBytes } from "node:crypto";
import type { CheckFailure, Context, Properties, ResourceHandler } from "../provider";
import { hashOf, sourceFailures, sourceOf } from "./asset";
import { diffCommand } from "./commandInputs";
import { connectionFailures, withDefaults, type Connection } from "./connection";
import { dial } from "./dial";
import { copySource, openSftp } from "./sftp";

interface Inputs {
  connection: Connection;
  source: unknown;
  remotePath: string;
}

export const copyToRemote: ResourceHandler = {
  diff: diffCommand,

  async check(inputs) {
    const complete: Properties = { ...inputs, connection: withDefaults(inputs.connection) };
    const failures = [
      ...connectionFailures(inputs.connection),
      ...sourceFailures(inputs.source),
      ...pathFailures(inputs),
    ];
    return { inputs: complete, failures };
  },

  async create(inputs, context) {
    await copy(inputs as unknown as Inputs, context);
    return { id: randomBytes(4).toString("hex"), state: inputs };
  },

  /** Copies again where the bytes or the place differ; another connection alone is only recorded. */
  async update(_id, inputs, _olds, state, context) {
    const same = hashOf(inputs.source) === hashOf(state.source) && inputs.remotePath === state.remotePath;
    if (!same) await copy(inputs as unknown as Inputs, context);
    return inputs;
  },

  /** The copy stays where it is. */
  async delete() {},
};

function pathFailures({ remotePath }: Properties): CheckFailure[] {
  return remotePath ? [] : [{ property: "remotePath", reason: "missing required property" }];
}

async function copy({ connection, source, remotePath }: Inputs, context: Context): Promise<void> {
  const client = await dial(connection, context);
  try {
    await copySource(await openSftp(client), sourceOf(source), remotePath);
  } finally {
    client.end();
  }
}
