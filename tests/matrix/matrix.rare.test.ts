/** All of the matrix that `part.test.ts` leaves out. */
import { itBoots } from "./itBoots";
import { RARE_ROWS } from "./commonAndRare";

itBoots("a guest that is converted, and booted from every disk", RARE_ROWS);
