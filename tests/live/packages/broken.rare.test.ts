/** What `broken.test.ts` leaves out. */
import { BREAKAGES, itIsTold } from "./breakages";

BREAKAGES.filter(({ usual }) => !usual).forEach(itIsTold);
