import type { Provider } from "../provider";
import { sdkVersion } from "../sdkVersion";
import { copyToRemote } from "./copyToRemote";
import { localCommand } from "./localCommand";
import { remoteCommand } from "./remoteCommand";

/** Stands in for the command provider. Behaves as 1.2.1 does; where it cannot, the handler says so. */
export const command: Provider = {
  name: "command",
  version: sdkVersion("command"),
  resources: {
    "command:local:Command": localCommand,
    "command:remote:Command": remoteCommand,
    "command:remote:CopyToRemote": copyToRemote,
  },
  functions: {},
};
