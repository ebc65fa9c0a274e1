/**
 * Makes resources without stacks. Pulumi's SDK writes a stack down for each of the four promises behind each output of a resource,
 * so that it can tell where one came from that is never settled: half of what a program of a hundred migrations takes of the
 * processor. Where a resource was made the SDK finds out by itself, whatever the limit is.
 *
 * `PULUMI_DEBUG_PROMISE_LEAKS`, by which the SDK shows those stacks, leaves them as they are; it also brings back the stack of an
 * error that is thrown meanwhile.
 */
export function withoutStacks<T>(make: () => T): T {
  if (process.env.PULUMI_DEBUG_PROMISE_LEAKS) return make();
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = limit;
  }
}
