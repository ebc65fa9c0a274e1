/** What Pulumi runs for `--policy-pack`: the rules, served until the engine ends this process. */
import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";

new PolicyPack("pv-to-hvm", { policies: rules() });
