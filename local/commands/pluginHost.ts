/** A package's provider, started as Pulumi's node host starts it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { GetSchemaRequest } from "@pulumi/pulumi/proto/provider_pb";

/** Nobody listens there: the engine is asked for nothing before something is constructed. */
const NO_ENGINE = "127.0.0.1:1";

export interface Started {
  /** Seconds until its port was printed. */
  ready: number;
  /** Seconds until the first GetSchema was answered, from the start as well. */
  described: number;
  schema: string;
}

/** Starts the package in `folder`, by the SDK of the checkout at `root`, asks for its schema and ends it. */
export async function startProvider(root: string, folder: string): Promise<Started> {
  const host = createRequire(join(root, "package.json")).resolve("@pulumi/pulumi/cmd/run-plugin");
  const began = process.hrtime.bigint();
  const seconds = () => Number(process.hrtime.bigint() - began) / 1e9;
  const child = spawn(process.execPath, [host, folder, NO_ENGINE], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const port = await firstLine(child.stdout, once(child, "close"));
    const ready = seconds();
    const schema = await getSchema(Number(port));
    return { ready, described: seconds(), schema };
  } finally {
    child.kill();
  }
}

async function firstLine(output: NodeJS.ReadableStream, closed: Promise<unknown[]>): Promise<string> {
  let text = "";
  const line = new Promise<string>((resolve) =>
    output.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("\n")) resolve(text.split("\n")[0]);
    }),
  );
  const ended = closed.then(([status]) => {
    throw new Error(
      `the provider ended with status ${String(status)} before it said its port. Its words stand above.`,
    );
  });
  return Promise.race([line, ended]);
}

function getSchema(port: number): Promise<string> {
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  return new Promise<string>((resolve, reject) =>
    client.getSchema(new GetSchemaRequest(), (error, response) =>
      error ? reject(error) : resolve(response.getSchema()),
    ),
  ).finally(() => client.close());
}
