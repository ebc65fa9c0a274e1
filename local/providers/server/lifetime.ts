/**
 * Ends this process with the engine. The engine sends SIGINT and, five seconds later, SIGKILL; where it is killed itself
 * it sends nothing, but the pipe that it gave us as standard input closes (source: pulumi/pulumi
 * sdk/go/common/resource/plugin, `ExecPlugin`). A provider that lingers would hold its sockets and its dials for ever.
 */
export function endWithEngine(engineAddress: string | undefined): void {
  const end = () => process.exit(0);
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  // By hand, for PULUMI_DEBUG_PROVIDERS, there is no engine's pipe: a closed standard input means nothing.
  if (!engineAddress) return;
  process.stdin.on("end", end).on("close", end).on("error", end);
  process.stdin.resume();
}

/** The engine's own address: the first argument that is no flag. Flags come before and after it (`--logtostderr -v=9`). */
export function engineAddressOf(argv: string[]): string | undefined {
  return argv.find((argument) => /^[^-].*:\d+$/.test(argument));
}
