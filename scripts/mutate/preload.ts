// For workers, with `-r`: factories that are loaded before it could not be given other code.
import { swapCodes } from "./swap";

swapCodes();
