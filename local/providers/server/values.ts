/** Values on their way between the engine's protocol (google.protobuf.Struct) and handlers (plain objects). */
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { UNKNOWN, type Properties } from "../provider";

/**
 * The engine marks an unknown value by the type it will have (source: pulumi/pulumi sdk/go/common/resource/plugin,
 * the `Unknown…Value` constants). A handler has no use for the difference.
 */
const UNKNOWNS = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/** Properties as a handler sees them: secrets were unwrapped by the engine, absent values are absent. */
export function toProperties(struct: Struct | undefined): Properties {
  return struct ? (normalize(struct.toJavaScript()) as Properties) : {};
}

/** Properties as the engine reads them. A value that JSON has no form for (a function) is an error of ours and throws. */
export function toStruct(properties: Properties): Struct {
  return Struct.fromJavaScript(normalize(properties) as Record<string, JavaScriptValue>);
}

/** Takes out what is null or undefined, at every depth but in lists, where a place has a meaning. */
function normalize(value: unknown): unknown {
  if (typeof value === "string") return UNKNOWNS.has(value) ? UNKNOWN : value;
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : normalize(item)));
  if (typeof value !== "object" || value === null) return value;
  const present = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(present.map(([name, item]) => [name, normalize(item)]));
}
