/** Lines for the user, through the engine, which shows them with the resource they speak of. */
import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

export type Severity = "info" | "warning" | "error";

const SEVERITIES: Record<Severity, LogSeverity> = {
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
  error: LogSeverity.ERROR,
};

/** How long an operation's answer waits for its last lines to arrive. */
const FLUSH_LIMIT_MS = 2000;

export class EngineLog {
  private client?: EngineClient;
  private readonly pending = new Set<Promise<void>>();

  /** Without an address (a provider that runs under a debugger) lines go to standard error until `attach`. */
  constructor(address?: string) {
    if (address) this.attach(address);
  }

  attach(address: string): void {
    this.client = new EngineClient(address, credentials.createInsecure());
  }

  /**
   * Sends one line. Information is a status: shown beside the resource while it works and gone afterwards, as the real
   * command provider's output is; warnings and errors stay in the diagnostics.
   */
  write(urn: string, message: string, severity: Severity = "info"): void {
    if (!this.client) return void process.stderr.write(`${severity}: ${message}\n`);
    const request = new LogRequest()
      .setUrn(urn)
      .setMessage(message)
      .setSeverity(SEVERITIES[severity])
      .setEphemeral(severity === "info");
    const client = this.client;
    // A line that cannot be delivered fails nothing: the engine is gone, and this process will be soon.
    const sent = new Promise<void>((resolve) => client.log(request, () => resolve()));
    this.pending.add(sent);
    void sent.then(() => this.pending.delete(sent));
  }

  /** Resolves once all lines have arrived, so that none comes after the end of its operation. */
  async flush(): Promise<void> {
    if (this.pending.size === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, FLUSH_LIMIT_MS)));
    await Promise.race([Promise.all(this.pending), limit]);
    clearTimeout(timer);
  }
}
