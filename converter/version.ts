/** The program's version; a test holds it against package.json, which is not at hand on a helper. */
export const VERSION = "0.1.0";
