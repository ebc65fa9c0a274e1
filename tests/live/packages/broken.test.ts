/** One failure of each package manager; all others are in `broken.rare.test.ts`. */
import { BREAKAGES, itIsTold } from "./breakages";

BREAKAGES.filter(({ usual }) => usual).forEach(itIsTold);
