import { isKnown } from "../known";
import { privateKeyProblem } from "./privateKey";
import type { Problem } from "./problems";

/** EC2's ids: a prefix, a hyphen, and 8 (until 2016) or 17 hexadecimal digits. */
export function checkId(path: string, prefix: string, id: unknown): Problem[] {
  if (!isKnown(id) || new RegExp(`^${prefix}-([0-9a-f]{8}|[0-9a-f]{17})$`).test(id as string)) return [];
  const reason = `must be ${prefix}- and 8 or 17 hexadecimal digits, got ${JSON.stringify(id)}`;
  return [{ path, reason, fix: "Copy the id from EC2's console or from another stack's output." }];
}

/** Found out only at the first dial otherwise, when what is dialled has been made. */
export function checkLogin(path: string, given: object | undefined, needed: string[]): Problem[] {
  const fields = (given ?? {}) as { [name: string]: unknown };
  const missing =
    given === undefined ? [] : needed.filter((name) => ["", undefined].includes(fields[name] as string));
  return [
    ...missing.map((name) => ({
      path: `${path}.${name}`,
      reason: "is missing",
      fix:
        name === "privateKey"
          ? "Give the key itself, or privateKeyFile in a stack's configuration."
          : "Name it.",
    })),
    ...checkPrivateKey(`${path}.privateKey`, fields.privateKey),
  ];
}

/** Whether a private key can be used, where it is known by now. That there is none is for `checkLogin` to say. */
export function checkPrivateKey(path: string, key: unknown): Problem[] {
  const problem = typeof key === "string" && key !== "" ? privateKeyProblem(key) : undefined;
  return problem ? [{ path, ...problem }] : [];
}

/** Whether a value is one of these. */
export function checkEnum(path: string, allowed: string[], value: unknown): Problem[] {
  if (!isKnown(value) || allowed.includes(value as string)) return [];
  return [
    {
      path,
      reason: `must be one of ${allowed.join(", ")}, got ${String(value)}`,
      fix: "Choose one of these.",
    },
  ];
}

/** Whether a flag is a plain one: the graph's shape or the engine's options hang on it, so no output will do. */
export function checkFlag(path: string, value: unknown): Problem[] {
  if (value === undefined || typeof value === "boolean") return [];
  const got = typeof value === "object" ? "an output" : JSON.stringify(value);
  const reason = `must be true or false, got ${got}`;
  return [{ path, reason, fix: "Give the plain value, or remove it for false." }];
}
