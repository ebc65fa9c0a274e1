/** pulumi-resource-aws: a client of EC2's API, in front of Pulumi's engine. */
import { serve } from "../server";
import { awsProvider } from "./provider";

void serve(awsProvider());
