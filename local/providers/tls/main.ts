/** pulumi-resource-tls */
import { serve } from "../server";
import { tls } from "./provider";

void serve(tls);
