/** The rows of the matrix that `npm test` has time for: the widest coverage, one boot each. */
import { itBoots } from "./itBoots";
import { COMMON_ROWS } from "./commonAndRare";

itBoots("a guest that is converted and booted", COMMON_ROWS);
