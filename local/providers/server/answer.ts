import { status, type handleUnaryCall } from "@grpc/grpc-js";

/** A method of the protocol, as a function that returns its answer or throws. */
export type Method<Request, Response> = (request: Request) => Promise<Response> | Response;

/**
 * Puts a method behind gRPC. What it throws reaches the user as its message and nothing more: no stack, no "Unknown
 * error", which is what the engine makes of an exception that gRPC has to catch itself.
 */
export function answer<Request, Response>(
  method: Method<Request, Response>,
  afterwards: () => Promise<void> = async () => undefined,
): handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    try {
      const response = await method(call.request);
      await afterwards();
      callback(null, response);
    } catch (error) {
      await afterwards();
      callback({ code: status.UNKNOWN, details: messageOf(error) });
    }
  };
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
