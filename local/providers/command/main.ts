/** pulumi-resource-command */
import { serve } from "../server";
import { command } from "./provider";

void serve(command);
