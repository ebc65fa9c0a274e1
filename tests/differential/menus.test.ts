/** Every fourth row of the table of menus, or those with PV_TO_HVM_MENU in their names. `menus.rare.test.ts` has the rest. */
import { playRows, TABLE } from "./playRows";

const { PV_TO_HVM_MENU: only } = process.env;

playRows(
  "a menu means the same to GRUB 0.97, to the report and to GRUB 2",
  TABLE.filter(({ what }, index) => (only ? what.includes(only) : index % 4 === 0)),
);
