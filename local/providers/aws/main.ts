/** pulumi-resource-aws: the local cloud in front of Pulumi's engine. */
import { Cloud } from "../../cloud/cloud";
import { serve } from "../server";
import { awsProvider } from "./provider";

const directory = process.env.PV_TO_HVM_CLOUD;
if (!directory) {
  process.stderr.write(
    "PV_TO_HVM_CLOUD: is not set. It names the folder of the local cloud: run through `npm run demo` or " +
      "`npm run cloud`, which set it, or export it.\n",
  );
  process.exit(2);
}
void serve(awsProvider(new Cloud(directory)));
