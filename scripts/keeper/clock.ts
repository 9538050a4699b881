import { randomInt } from "node:crypto";
import { setTimeout as timeout } from "node:timers/promises";

import type { Clock } from "./backoff";

const RESOLUTION = 2 ** 32;

/** The time of the machine. */
export const machineClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    try {
      await timeout(milliseconds, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      if (signal?.aborted !== true) throw error;
    }
  },
  random: () => randomInt(RESOLUTION) / RESOLUTION,
};
