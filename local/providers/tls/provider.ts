import type { Provider } from "../provider";
import { sdkVersion } from "../sdkVersion";
import { privateKey } from "./privateKey";

/** Stands in for the tls provider, as far as a migration uses it. */
export const tls: Provider = {
  name: "tls",
  version: sdkVersion("tls"),
  resources: { "tls:index/privateKey:PrivateKey": privateKey },
  functions: {},
};
