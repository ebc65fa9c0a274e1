/** The same menus each time. PV_TO_HVM_RANDOM_SEED and PV_TO_HVM_RANDOM_MENUS play others: from which seed on, and how many. */
import { playRandomMenus } from "./playRandomMenus";

const { PV_TO_HVM_RANDOM_MENUS: count = 10, PV_TO_HVM_RANDOM_SEED: seed = 97 } = process.env;

playRandomMenus(Number(count), Number(seed));
