/** An answer as EC2 writes it: which element each member is, by EC2's model. */
import { answerName, type Schema } from "./model";
import type { XmlElements, XmlValue } from "../xml";

/** The children of `<ActionResponse>`. What is undefined is left out; what the model does not have cannot be said. */
export function answerElements(output: Schema, value: object): XmlElements {
  // What has no answer of its own in the model is answered with `<return>true</return>`.
  if (!output.isStructSchema()) return { return: true };
  return structure(output, value);
}

function structure(schema: Schema, value: object): XmlElements {
  const given = value as Record<string, unknown>;
  const elements: XmlElements = {};
  for (const [member, kind] of schema.structIterator()) {
    if (given[member] !== undefined) elements[answerName(member, kind)] = valueOf(kind, given[member]);
  }
  return elements;
}

function valueOf(schema: Schema, value: unknown): XmlValue {
  if (schema.isListSchema())
    return (value as unknown[]).map((item) => valueOf(schema.getValueSchema(), item));
  if (schema.isStructSchema()) return structure(schema, value as object);
  if (schema.isBlobSchema()) return Buffer.from(value as Uint8Array).toString("base64");
  return value as XmlValue;
}
