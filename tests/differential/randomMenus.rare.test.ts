/** Others each night. */
import { playRandomMenus } from "./playRandomMenus";

playRandomMenus(1000, Math.floor(Math.random() * 1_000_000_000));
