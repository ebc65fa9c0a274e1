/** The programs that speak to EC2, in one file: the AWS SDK inside it is 2 MB, and would be there twice. */
import { start as startPreflight } from "../preflight/main";
import { start as startSweep } from "../sweep/main";

void (process.argv[2] === "preflight" ? startPreflight() : startSweep());
