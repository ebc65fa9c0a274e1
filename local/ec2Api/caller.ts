import type { IncomingHttpHeaders } from "node:http";
import { Ec2Error } from "../cloud/errors";
import type { Caller } from "./action";

/** `AWS4-HMAC-SHA256 Credential=AKID/20270131/us-east-1/ec2/aws4_request, SignedHeaders=…, Signature=…` */
const SIGNED = /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request\b/;

/**
 * Who asks, and in which region, as the request's signature says. The signature itself is not looked at: whoever reaches
 * this machine's own address is let in with any secret.
 * @throws Ec2Error `MissingAuthenticationToken` for a request that is not signed.
 */
export function callerOf({ authorization }: IncomingHttpHeaders): Caller {
  const [, accessKeyId, region, service] = SIGNED.exec(authorization ?? "") ?? [];
  if (accessKeyId !== undefined) return { accessKeyId, region, service };
  throw new Ec2Error(
    "MissingAuthenticationToken",
    "Request is missing Authentication Token. Sign it as AWS' tools do; any access key will do: " +
      "AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local",
  );
}

/**
 * A page of the web that a user has open could send forms to this machine's own address. A browser says where such a form
 * comes from, and by which name it asks for this machine; AWS' tools do not say the one, and say the address itself for the
 * other.
 */
export function requireNoBrowser({ origin, host = "" }: IncomingHttpHeaders): void {
  const name = host.replace(/:\d+$/, "");
  if (origin === undefined && ["127.0.0.1", "localhost"].includes(name)) return;
  throw new Ec2Error(
    "AuthFailure",
    `The local cloud answers programs of this machine alone, as 127.0.0.1, got host ${name} and origin ${origin ?? "none"}`,
  );
}
