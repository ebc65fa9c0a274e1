/** How the engine's protocol marks objects that are more than objects (source: @pulumi/pulumi runtime/rpc). */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
export const ASSET_SIGNATURE = "c44067f5952c0a294b673a41bacd8c17";
export const ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7";
export const ASSET_SIGNATURES = [ASSET_SIGNATURE, ARCHIVE_SIGNATURE];
